import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import { Deliveries, groupOf, type TargetJob } from './deliveries';
import { placeOf } from './place';

/**
 * Deployments of one target wait for each other, and for nobody else: a group that an expression makes is another one
 * in another run, and in a group that several targets share GitHub drops whoever waits when the next one comes.
 *
 * @see https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency
 */
export function queueFaults(artefacts: Artefacts): readonly Fault[] {
  const { deployments } = Deliveries.of(artefacts);
  return deployments.flatMap((one) => {
    const group = groupOf(one.job);
    // A job without group is a finding of its own.
    if (group === undefined) return [];
    const fault = (value: string, allowed: string): Fault => ({
      place: placeOf(one.workflow, one.job),
      value,
      allowed,
      change: `let each job that deploys ${nameOf(one)} name one group, and no other job`,
    });
    if (group.includes('${{')) {
      return [fault(`the concurrency group ${group}`, 'a group without expression, the same in each run')];
    }
    const other = deployments.find(
      (each) => each !== one && isSame(group, groupOf(each.job)) !== (nameOf(each) === nameOf(one)),
    );
    if (!other) return [];
    return [
      fault(
        `the concurrency group ${group}, beside ${groupOf(other.job) ?? 'none'} of ${placeOf(other.workflow, other.job)}`,
        `one group for all that deploys ${nameOf(one)}, and for nothing else`,
      ),
    ];
  });
}

const nameOf = ({ use, environment }: TargetJob): string => `${use.workload ?? ''} to ${environment}`;

/** GitHub compares groups without regard to case. */
const isSame = (one: string, other: string | undefined): boolean =>
  one.toLowerCase() === other?.toLowerCase();
