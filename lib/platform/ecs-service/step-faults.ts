import type { Fault } from '../../../contract';
import type { EcsRollout, EcsServiceEnvironment } from './ecs-service';

/**
 * A rolling update of few tasks that may neither stop one nor start one, whatever room there is. The minimum is rounded
 * up, the maximum down, so that the fewest tasks are the hardest to update.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
export function stepFaults(
  { strategy, tasks }: EcsServiceEnvironment,
  { minimumHealthyPercent, maximumPercent }: EcsRollout,
  place: string,
): Fault[] {
  if (strategy !== 'rolling') return [];
  const keep = Math.ceil((tasks.min * minimumHealthyPercent) / 100);
  const most = Math.floor((tasks.min * maximumPercent) / 100);
  if (keep < tasks.min || most > tasks.min) return [];
  return [
    {
      place,
      value: `${tasks.min} running, of which at least ${keep} must keep running (rollout.minimumHealthyPercent ${minimumHealthyPercent}), and at most ${most} may run (rollout.maximumPercent ${maximumPercent})`,
      allowed: 'room for a rolling update to stop one task first, or to start one',
      change: 'set rollout.maximumPercent to 200',
    },
  ];
}
