import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type { z } from 'zod';
import { imageNames, workloadNames } from '../names';
import type { GpuService } from './platform';
import type { GpuServiceProps } from './props';
import type { gpuServiceSchema } from './schema';

/**
 * A service on ECS whose containers use GPUs of EC2 instances.
 *
 * @example gpuService({ id: 'kvs-infer', source: 'services/kvs-infer', container: {…}, environments: […] })
 */
export function gpuService<const Env extends string>(
  props: Omit<GpuServiceProps<Env>, 'kind'>,
): GpuServiceProps<Env> {
  return { kind: 'gpuService', ...props };
}

/** Fractions are let through here, so that the rules can report them together with everything else. */
const FRACTIONS = { integral: false } as const;

/** Fills in the defaults that the props document. */
export function resolveGpuService(
  props: z.infer<typeof gpuServiceSchema>,
  platform: { readonly name: string; readonly region: string },
): GpuService {
  const { container, rollout, image } = props;
  return {
    kind: 'gpuService',
    id: props.id,
    source: props.source,
    region: props.region ?? platform.region,
    container: {
      name: container.name ?? props.id,
      port: container.port,
      cpu: container.cpu,
      memoryMib: Math.floor(container.memory.toMebibytes({ rounding: SizeRoundingBehavior.NONE })),
      gpus: container.gpus ?? 1,
      environment: container.environment ?? {},
      health: {
        path: container.health.path,
        command:
          container.health.command ??
          `curl --fail --silent --show-error http://localhost:${container.port}${container.health.path} || exit 1`,
        intervalSeconds: container.health.interval?.toSeconds(FRACTIONS) ?? 15,
        timeoutSeconds: container.health.timeout?.toSeconds(FRACTIONS) ?? 5,
        retries: container.health.retries ?? 3,
        startPeriodSeconds: container.health.startPeriod?.toSeconds(FRACTIONS) ?? 120,
      },
    },
    environments: props.environments.map((environment) => ({
      name: environment.name,
      names: { ...workloadNames(platform.name, props.id, environment.name), ...environment.names },
      instanceType: environment.instanceType,
      instances: environment.instances,
      tasks: {
        desired: environment.tasks.desired,
        min: environment.tasks.min ?? environment.tasks.desired,
        max: environment.tasks.max ?? environment.tasks.desired,
      },
      loadBalancer: {
        scheme: environment.loadBalancer?.scheme ?? 'internal',
        ...(environment.loadBalancer?.certificateArn && {
          certificateArn: environment.loadBalancer.certificateArn,
        }),
      },
    })),
    ...(props.tests && {
      tests: {
        python: props.tests.python,
        requirements: props.tests.requirements ?? ['requirements-dev.txt'],
      },
    }),
    image: {
      dockerfile: image?.dockerfile ?? 'Dockerfile',
      severities: image?.scan?.severities ?? ['CRITICAL', 'HIGH'],
      scanBlocks: image?.scan?.blocks ?? true,
      codeScanning: image?.scan?.codeScanning ?? true,
      attestations: image?.attestations ?? false,
    },
    rollout: {
      minimumHealthyPercent: rollout?.minimumHealthyPercent ?? 100,
      maximumPercent: rollout?.maximumPercent ?? 200,
      timeoutMinutes: rollout?.timeout?.toMinutes(FRACTIONS) ?? 30,
      placementTimeoutMinutes: rollout?.placementTimeout?.toMinutes(FRACTIONS) ?? 10,
    },
    names: { ...imageNames(platform.name, props.id), ...image?.names },
    logRetentionDays: props.logRetention?.toDays(FRACTIONS) ?? 30,
    releaseTags: props.releaseTags ?? ['v*'],
    paths: [`${props.source}/**`, 'platform.config.ts', ...(props.paths ?? [])],
  };
}
