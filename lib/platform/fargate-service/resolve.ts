import type { z } from 'zod';
import {
  ECS_DELIVERY,
  resolveContainer,
  resolveEcsService,
  resolveEnvironment,
  resolveRollout,
} from '../ecs-service/resolve';
import { type PlatformDefaults, resolveFields, resolveOneImage } from '../workload-fields';
import type { FargateService } from './fargate-service';
import type { fargateServiceSchema } from './schema';

/** Fills in the defaults that the props document. */
export function resolveFargateService(
  props: z.infer<typeof fargateServiceSchema>,
  platform: PlatformDefaults,
): FargateService {
  const { id } = props;
  const container = resolveContainer(id, props.container);
  const environments = props.environments.map((environment) =>
    resolveEnvironment(platform.name, id, props.strategy, environment),
  );
  return {
    kind: 'fargateService',
    ...resolveFields(props, platform, ECS_DELIVERY),
    ...resolveOneImage(props, platform),
    ...resolveEcsService(props, container.health.path),
    network: 'ofEnvironment',
    container,
    environments,
    rollout: resolveRollout(props.rollout, environments),
  };
}
