import type { ServiceStrategy } from '../../../constructs/ecs-service';
import { type Fault, LONGEST_DEPLOY_MINUTES } from '../../../contract';
import { outside } from '../faults';
import { SHORTEST_DEPLOY_MINUTES } from '../workload-rules';
import type { EcsServiceFields } from './ecs-service';
import { shiftMinutes, waitingMinutes } from './shift';

/** A day: what ECS takes at most for each wait. */
const LONGEST_WAIT_MINUTES = 1440;

/**
 * Waits beyond the limits of ECS, or longer than the deployment may take.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function waitFaults(service: EcsServiceFields, place: string): Fault[] {
  const { bakeMinutes, canary, linear } = service.rollout;
  const limits = [
    ...outside(bakeMinutes, 0, LONGEST_WAIT_MINUTES, `${place}.bake`, 'minutes'),
    ...outside(canary.waitMinutes, 0, LONGEST_WAIT_MINUTES, `${place}.canary.wait`, 'minutes'),
    ...outside(linear.waitMinutes, 0, LONGEST_WAIT_MINUTES, `${place}.linear.wait`, 'minutes'),
  ];
  if (limits.length > 0) return limits;
  const strategies = [...new Set(service.environments.map(({ strategy }) => strategy))];
  return strategies.flatMap((strategy) => deadlineFaults(service, strategy, `${place}.timeout`));
}

const SHORTER: Readonly<Record<ServiceStrategy, string>> = {
  rolling: '',
  blueGreen: 'shorten rollout.bake',
  canary: 'shorten rollout.canary.wait or rollout.bake',
  linear: 'shorten rollout.linear.wait or rollout.bake, or set a larger rollout.linear.percent',
};

/** Traffic and bake leave time for the tasks to start. */
function deadlineFaults(
  { rollout, environments }: EcsServiceFields,
  strategy: ServiceStrategy,
  place: string,
): Fault[] {
  if (strategy === 'rolling') return [];
  const needed = waitingMinutes(strategy, rollout) + SHORTEST_DEPLOY_MINUTES;
  if (needed <= Math.min(rollout.timeoutMinutes, LONGEST_DEPLOY_MINUTES)) return [];
  const where = environments.filter((environment) => environment.strategy === strategy);
  const shorten = SHORTER[strategy];
  return [
    {
      place,
      value: `${rollout.timeoutMinutes} minutes, with ${shiftMinutes(strategy, rollout)} of moving traffic and ${rollout.bakeMinutes} of bake for ${strategy} in ${where.map(({ name }) => name).join(', ')}`,
      allowed: `at least ${needed} minutes: these waits, and ${SHORTEST_DEPLOY_MINUTES} for the tasks to start`,
      change:
        needed > LONGEST_DEPLOY_MINUTES
          ? `${shorten}: a deployment may take ${LONGEST_DEPLOY_MINUTES} minutes at most`
          : `set rollout.timeout to ${needed} minutes or more, or ${shorten}`,
    },
  ];
}
