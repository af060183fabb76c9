import { Duration, type Size } from 'aws-cdk-lib';
import { LONGEST_DEPLOY_MINUTES } from '../../../contract';
import type { Harmless } from '../repair';
import { HARMLESS_FIELDS } from '../workload-schema';

const NO_WAIT = Duration.minutes(0);

/** What a service on ECS needs at least: its container and the rest of an environment. */
export interface HarmlessParts {
  readonly container: { readonly cpu: number; readonly memory: Size };
  /** Besides its name and its tasks. */
  readonly environment: object;
}

/** What stands in for faulty values of a service on ECS while the rules judge the rest. */
export function harmlessFields(parts: HarmlessParts): Harmless {
  const container = { ...parts.container, port: 80, health: { path: '/' } };
  const environment = { ...parts.environment, name: '', tasks: { desired: 1 } };
  const rollout = {
    minimumHealthyPercent: 0,
    timeout: Duration.minutes(LONGEST_DEPLOY_MINUTES),
    bake: NO_WAIT,
    canary: { wait: NO_WAIT },
    linear: { percent: 100, wait: NO_WAIT },
  };
  return {
    ...HARMLESS_FIELDS,
    strategy: 'rolling',
    container,
    'container.port': container.port,
    'container.cpu': container.cpu,
    'container.memory': container.memory,
    'container.health': container.health,
    'container.health.path': container.health.path,
    'container.health.interval': Duration.minutes(5),
    environments: [environment],
    'environments.*': environment,
    'environments.*.name': environment.name,
    'environments.*.strategy': 'rolling',
    'environments.*.tasks': environment.tasks,
    'environments.*.loadBalancer.certificateArn': 'arn:aws:acm:us-east-1:000000000000:certificate/0',
    rollout,
    'rollout.timeout': rollout.timeout,
    'rollout.minimumHealthyPercent': rollout.minimumHealthyPercent,
    'rollout.bake': rollout.bake,
    'rollout.canary': rollout.canary,
    'rollout.canary.wait': rollout.canary.wait,
    'rollout.linear': rollout.linear,
    'rollout.linear.percent': rollout.linear.percent,
    'rollout.linear.wait': rollout.linear.wait,
  };
}
