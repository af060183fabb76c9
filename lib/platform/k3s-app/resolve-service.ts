import { SizeRoundingBehavior, type Size } from 'aws-cdk-lib';
import type { z } from 'zod';
import type { K3sMemory } from '../../../constructs/k3s-app';
import type { Image } from '../workload';
import { FRACTIONS } from '../workload-fields';
import type { K3sAppService } from './k3s-app';
import type { memorySchema, serviceSchema } from './service-schema';

/** Fills in the defaults of a service. */
export function resolveService(props: z.infer<typeof serviceSchema>, image: Image): K3sAppService {
  const { name, command, cpu, probes, route, autoscaler, names } = props;
  return {
    name,
    image,
    port: props.port ?? 8080,
    ...(command && { command }),
    replicas: props.replicas ?? 1,
    cpu: { requestMillis: cpu.request, ...(cpu.limit !== undefined && { limitMillis: cpu.limit }) },
    memory: resolveMemory(props.memory),
    environment: props.environment ?? {},
    probes: {
      liveness: probes.liveness,
      readiness: probes.readiness,
      startup: probes.startup ?? probes.liveness,
      startupSeconds: probes.startupTime?.toSeconds(FRACTIONS) ?? 60,
    },
    callers: props.callers ?? [],
    egress: props.egress ?? [],
    ...(route && { route: { host: route.host, path: route.path ?? '/' } }),
    ...(autoscaler && { autoscaler }),
    ...(names && { imageNames: names }),
  };
}

export const resolveMemory = ({ request, limit }: z.infer<typeof memorySchema>): K3sMemory => ({
  requestMib: mebibytes(request),
  limitMib: mebibytes(limit),
});

const mebibytes = (size: Size): number =>
  Math.floor(size.toMebibytes({ rounding: SizeRoundingBehavior.NONE }));
