import type { DeploymentConfiguration, DeploymentStrategy, Service } from '@aws-sdk/client-ecs';
import type { EcsServiceSpec, ServiceStrategy } from '../spec';

/**
 * A deployment moves traffic from one version to the next, both at full size; a rolling one replaces tasks instead.
 *
 * @param strategy as ECS says it; it leaves out `ROLLING`, its default
 */
export const shiftsTraffic = (strategy: DeploymentStrategy | undefined): boolean =>
  (strategy ?? 'ROLLING') !== 'ROLLING';

/** The strategy that a service is set up for. */
export const strategyOf = ({ deploymentConfiguration }: Service): DeploymentStrategy =>
  deploymentConfiguration?.strategy ?? 'ROLLING';

/** ECS's own word for each strategy of the platform file. */
export const ECS_STRATEGY: Readonly<Record<ServiceStrategy, DeploymentStrategy>> = {
  rolling: 'ROLLING',
  blueGreen: 'BLUE_GREEN',
  canary: 'CANARY',
  linear: 'LINEAR',
};

/**
 * The configuration of a deployment, whole: how ECS merges one with that before is not documented, and a way back may
 * have changed it.
 *
 * @returns undefined for a rolling update, whose configuration only the stack writes
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function declaredConfiguration(spec: EcsServiceSpec): DeploymentConfiguration | undefined {
  const { update } = spec;
  if (update.strategy === 'rolling') return undefined;
  const common: DeploymentConfiguration = {
    ...limits(spec),
    strategy: ECS_STRATEGY[update.strategy],
    bakeTimeInMinutes: update.bakeMinutes,
    lifecycleHooks: update.hook
      ? [
          {
            hookTargetArn: update.hook.functionArn,
            roleArn: update.hook.roleArn,
            lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
          },
        ]
      : [],
  };
  switch (update.strategy) {
    case 'blueGreen':
      return common;
    case 'canary':
      return {
        ...common,
        canaryConfiguration: {
          canaryPercent: update.canaryPercent,
          canaryBakeTimeInMinutes: update.canaryMinutes,
        },
      };
    case 'linear':
      return {
        ...common,
        linearConfiguration: {
          stepPercent: update.stepPercent,
          stepBakeTimeInMinutes: update.stepMinutes,
        },
      };
  }
}

/**
 * All traffic at once, without bake and hook: a version that has served before need not be tried on a few while the
 * others stay with the one that failed. Without a hook, no role is passed.
 *
 * @param strategy that the service is set up for; a manifest may be ahead of its stack
 * @returns undefined for a rolling update, which goes back as it goes forward
 */
export function wayBackConfiguration(
  spec: EcsServiceSpec,
  strategy: DeploymentStrategy,
): DeploymentConfiguration | undefined {
  if (!shiftsTraffic(strategy)) return undefined;
  return { ...limits(spec), strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0, lifecycleHooks: [] };
}

function limits({ minimumHealthyPercent, maximumPercent, alarms }: EcsServiceSpec): DeploymentConfiguration {
  const watched = alarms.length > 0;
  return {
    minimumHealthyPercent,
    maximumPercent,
    alarms: { alarmNames: [...alarms], enable: watched, rollback: watched },
  };
}
