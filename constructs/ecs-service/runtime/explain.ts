import type { Diagnosis } from '../../../contract';
import { type Cause, causeOf, type StoppedTask } from '../../ecs-task';
import type { Evidence } from './evidence';
import { explainShift } from './explain-shift';
import { saysNoPlace } from './service-events';

/** Evidence to diagnoses, the most probable cause first. Tasks that stopped for one cause are one diagnosis. */
export function explain(evidence: Evidence): readonly Diagnosis[] {
  return [
    ...stoppedTasks(evidence.stopped),
    ...shortage(evidence),
    ...explainShift(evidence),
    ...alarms(evidence),
    ...otherwise(evidence),
    ...asleep(evidence),
  ];
}

function stoppedTasks(tasks: readonly StoppedTask[]): readonly Diagnosis[] {
  const groups = new Map<string, { readonly cause: Cause; readonly tasks: StoppedTask[] }>();
  for (const task of tasks) {
    const cause = causeOf(task);
    const group = groups.get(cause.cause);
    if (group) group.tasks.push(task);
    else groups.set(cause.cause, { cause, tasks: [task] });
  }
  return [...groups.values()]
    .sort((a, b) => b.tasks.length - a.tasks.length)
    .map((group) => ({
      source: sourceOf(group.tasks),
      cause: group.tasks.length > 1 ? `${group.tasks.length} tasks: ${group.cause.cause}` : group.cause.cause,
      evidence: evidenceOf(group.tasks),
      remedy: group.cause.remedy,
    }));
}

function sourceOf(tasks: readonly StoppedTask[]): string {
  const ids = tasks.slice(0, 3).map(({ id }) => id);
  const more = tasks.length - ids.length;
  return `stopped ${tasks.length === 1 ? 'task' : 'tasks'} ${ids.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The words of AWS once each, and the last lines of the first task that logged any. */
function evidenceOf(tasks: readonly StoppedTask[]): readonly string[] {
  const words = tasks.flatMap((task) => [
    ...(task.reason === '' ? [] : [`${task.stopCode || 'stopped'}: ${task.reason}`]),
    ...task.containers
      .filter(({ exitCode, reason }) => (exitCode !== undefined && exitCode !== 0) || reason !== undefined)
      .map(({ name, exitCode, reason }) =>
        [
          `container ${name}`,
          ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
          ...(reason ? [reason] : []),
        ].join(': '),
      ),
  ]);
  const logged = tasks.find(({ lines }) => lines.length > 0)?.lines ?? [];
  return [...new Set(words), ...logged];
}

function shortage({ shortage: found, events, deployment }: Evidence): readonly Diagnosis[] {
  const event = events.find(saysNoPlace);
  if (!found && event === undefined) return [];
  return [
    {
      source: 'placement of tasks',
      cause: found ? `tasks have no place: ${found.sentence}` : 'ECS could not place a task',
      evidence: event === undefined ? [] : [event],
      remedy: found?.canGrow
        ? `wait for the new instance; check that the auto scaling group starts one (quota of G instances)${found.onSpot ? '; AWS may have no Spot Instance: name more `instanceTypes`, or raise `spot.onDemandBase`' : ''}`
        : roomFor(deployment?.twoFleets === true),
    },
  ];
}

const roomFor = (twoFleets: boolean): string =>
  twoFleets
    ? 'raise the number of instances in the platform file, for both versions run at full size until the end, or choose the strategy `rolling`'
    : 'raise the number of instances in the platform file, or lower minimumHealthyPercent';

function alarms({ deployment }: Evidence): readonly Diagnosis[] {
  if (!deployment || deployment.alarms.length === 0) return [];
  return [
    {
      source: `deployment ${deployment.id}`,
      cause: `alarms went off while it ran: ${deployment.alarms.join(', ')}`,
      evidence: deployment.reason === undefined ? [] : [deployment.reason],
      remedy: 'look at the metric behind the alarm at the time of the deployment',
    },
  ];
}

function asleep({ asleep: hours }: Evidence): readonly Diagnosis[] {
  if (hours === undefined) return [];
  return [
    {
      source: 'the number of tasks',
      cause: `the service sleeps (${hours}): it has no task`,
      evidence: [],
      remedy: 'wait until it wakes, or deploy: a deployment wakes it',
    },
  ];
}

/** What ECS says about the deployment, when nothing else was found. */
function otherwise(evidence: Evidence): readonly Diagnosis[] {
  const { deployment, stopped, shortage: found, events } = evidence;
  if (stopped.length > 0 || found || !deployment || deployment.alarms.length > 0) return [];
  if (explainShift(evidence).length > 0) return [];
  if (deployment.status === 'SUCCESSFUL') return [];
  return [
    {
      source: `deployment ${deployment.id}`,
      cause: deployment.reason ?? `it is ${deployment.status} and ECS gives no reason`,
      evidence: events.slice(0, 5),
      remedy:
        'read the events; ECS forgets stopped tasks after about an hour, so look soon after the failure',
    },
  ];
}
