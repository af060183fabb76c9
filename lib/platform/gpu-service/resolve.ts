import type { z } from 'zod';
import {
  ECS_DELIVERY,
  resolveContainer,
  resolveEcsService,
  resolveEnvironment,
  resolveRollout,
} from '../ecs-service/resolve';
import { resolveGpuCheck } from '../gpu-check/resolve';
import { FRACTIONS, type PlatformDefaults, resolveFields, resolveOneImage } from '../workload-fields';
import type { GpuService } from './gpu-service';
import { mostInstances } from './most-instances';
import type { gpuServiceSchema } from './schema';

/** Fills in the defaults that the props document. */
export function resolveGpuService(
  props: z.infer<typeof gpuServiceSchema>,
  platform: PlatformDefaults,
): GpuService {
  const { id, rollout } = props;
  const container = { ...resolveContainer(id, props.container), gpus: props.container.gpus ?? 1 };
  const environments = props.environments.map((own) => {
    const environment = resolveEnvironment(platform.name, id, props.strategy, own);
    const { instanceTypes, instances, spot, sleep } = own;
    const { min, warm = 0 } = instances;
    const max = instances.max ?? Math.max(min, mostInstances(instanceTypes, container, environment));
    return {
      ...environment,
      instanceTypes,
      instances: { min, max, warm },
      ...(spot && { spot: { onDemandBase: spot.onDemandBase ?? 0 } }),
      ...(sleep && { sleep: { ...sleep, days: sleep.days ?? ('weekdays' as const) } }),
    };
  });
  return {
    kind: 'gpuService',
    ...resolveFields(props, platform, ECS_DELIVERY),
    ...resolveOneImage(props, platform),
    ...resolveEcsService(props, container.health.path),
    network: 'ofEnvironment',
    container,
    environments,
    ...(props.gpuCheck && { gpuCheck: resolveGpuCheck(props, props.gpuCheck, platform) }),
    rollout: {
      ...resolveRollout(rollout, environments),
      placementTimeoutMinutes: rollout?.placementTimeout?.toMinutes(FRACTIONS) ?? 10,
    },
  };
}
