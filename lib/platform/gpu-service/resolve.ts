import { SizeRoundingBehavior } from 'aws-cdk-lib';
import type { z } from 'zod';
import { gpuServiceNames } from '../../names';
import { FRACTIONS, type PlatformDefaults, resolveFields, resolveOneImage } from '../workload-fields';
import type { GpuService } from './gpu-service';
import type { gpuServiceSchema } from './schema';

/** Fills in the defaults that the props document. */
export function resolveGpuService(
  props: z.infer<typeof gpuServiceSchema>,
  platform: PlatformDefaults,
): GpuService {
  const { container, rollout } = props;
  return {
    kind: 'gpuService',
    ...resolveFields(props, platform, { delivery: 'throughEnvironments', starts: 'onPush' }),
    ...resolveOneImage(props, platform),
    network: 'ofEnvironment',
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
      names: { ...gpuServiceNames(platform.name, props.id, environment.name), ...environment.names },
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
    rollout: {
      minimumHealthyPercent: rollout?.minimumHealthyPercent ?? 100,
      maximumPercent: rollout?.maximumPercent ?? 200,
      timeoutMinutes: rollout?.timeout?.toMinutes(FRACTIONS) ?? 30,
      placementTimeoutMinutes: rollout?.placementTimeout?.toMinutes(FRACTIONS) ?? 10,
    },
    logRetentionDays: props.logRetention?.toDays(FRACTIONS) ?? 30,
  };
}
