import { say } from './deployments';
import { clusterOf, type Moment, secondsSince, serviceOf } from './moment';
import type { InstanceState } from './state';
import { failTask, stopTask } from './stopping';

/**
 * AWS wants Spot Instances of a cluster back. ECS hears of it, starts no task there any more, and moves those that are
 * there; after two minutes the instances are gone.
 *
 * @param which only these @default - all
 * @returns how many
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/spot-instance-draining-linux-container.html
 */
export function interruptSpot(
  moment: Moment,
  account: string,
  cluster: string,
  which: (instance: InstanceState) => boolean = () => true,
): number {
  const { state, now } = moment;
  const wanted = state.instances.filter((instance) => {
    const { name, account: owner } = clusterOf(state, instance.cluster);
    return instance.spot === true && name === cluster && owner === account && which(instance);
  });
  for (const instance of wanted) {
    instance.interruptedAt ??= now;
    for (const task of state.tasks.filter(
      (each) => each.instance === instance.id && each.desired === 'RUNNING',
    )) {
      stopTask(moment, task, {
        stopCode: 'SpotInterruption',
        reason: 'Your Spot Task was interrupted.',
        exitCode: 143,
      });
      if (task.service === undefined) continue;
      say(moment, serviceOf(state, task.service), `has stopped 1 running tasks: (task ${task.id}).`);
    }
  }
  return wanted.length;
}

/** Seconds from the notice to the end. */
const NOTICE = 120;

/** Instances whose two minutes are over go, with what is still on them. */
export function endInterrupted(moment: Moment): void {
  const { state } = moment;
  const over = state.instances.filter(
    ({ interruptedAt }) => interruptedAt !== undefined && secondsSince(moment, interruptedAt) >= NOTICE,
  );
  if (over.length === 0) return;
  for (const { id, ec2Id } of over) {
    for (const task of state.tasks.filter((each) => each.instance === id && each.status !== 'STOPPED')) {
      failTask(moment, task, {
        stopCode: 'TerminationNotice',
        reason: `Host EC2 (instance ${ec2Id}) terminated.`,
      });
    }
  }
  state.instances = state.instances.filter((each) => !over.includes(each));
}
