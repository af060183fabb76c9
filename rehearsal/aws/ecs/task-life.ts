import { countFailure, countSuccess } from './breaker';
import { say } from './deployments';
import { sendLines, startLogging } from './log-lines';
import { definitionOf, type Moment, nextId, secondsSince, serviceOf } from './moment';
import { place } from './placement';
import { programOf } from './programs';
import { groupOf } from './shift/traffic';
import type { TargetGroupUse, TaskState } from './state';
import { failTask, goOnStopping, stopTask } from './stopping';
import { containerHealth, failedCheck, isServing, passesFrom } from './task-health';

/** First port that Docker gives a container in bridge mode. */
const FIRST_HOST_PORT = 32_768;
const OUT_OF_MEMORY = 'OutOfMemoryError: Container killed due to memory usage';

/** One second in the life of a task. */
export function live(moment: Moment, task: TaskState): void {
  if (task.status === 'PROVISIONING') place(moment, task);
  if (task.status === 'PENDING') start(moment, task);
  if (task.status === 'RUNNING') run(moment, task);
  else goOnStopping(moment, task);
}

function start(moment: Moment, task: TaskState): void {
  const { behaviour } = task;
  const { startsWithin } = moment.state.timing;
  const waited = secondsSince(moment, task.placedAt);
  if (behaviour.kind === 'pullsForEver' || waited < startsWithin / 2) return;
  if (!task.pulled && !pull(moment, task)) return;
  const needed = behaviour.kind === 'healthy' ? (behaviour.startsAfter ?? startsWithin) : startsWithin;
  if (waited < needed) return;
  const reason = startLogging(moment, task);
  if (reason !== undefined) {
    failTask(moment, task, { stopCode: 'TaskFailedToStart', reason, containerReason: reason });
    return;
  }
  if (behaviour.kind === 'program') Object.assign(task, { behaviour: programOf(moment, task) });
  task.status = 'RUNNING';
  task.startedAt = moment.now;
  task.targets = registerTargets(moment, task);
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html */
function pull(moment: Moment, task: TaskState): boolean {
  const { content } = definitionOf(moment.state, task.definition);
  for (const { name = '', image = '' } of content.containerDefinitions ?? []) {
    const pulled = moment.ports.images.pull(image, content.executionRoleArn);
    const reason = pulled.ok ? missingByRule(task) : pulled.reason;
    if (reason !== undefined) {
      failTask(moment, task, { stopCode: 'TaskFailedToStart', reason, containerReason: reason });
      return false;
    }
    const digest = (pulled.ok ? pulled.digest : undefined) ?? image.split('@')[1];
    if (digest !== undefined) task.digests = { ...task.digests, [name]: digest };
  }
  task.pulled = true;
  return true;
}

function missingByRule({ behaviour, image }: TaskState): string | undefined {
  if (behaviour.kind !== 'cannotPull') return undefined;
  const fallback = `CannotPullContainerError: failed to resolve ref ${image}: ${image}: not found`;
  return behaviour.reason ?? fallback;
}

function run(moment: Moment, task: TaskState): void {
  const { behaviour } = task;
  if (behaviour.kind === 'exits' || behaviour.kind === 'outOfMemory') {
    if (secondsSince(moment, task.startedAt) >= (behaviour.after ?? 2)) {
      exit(moment, task);
      return;
    }
  }
  task.health = containerHealth(moment, task);
  const reason = failedCheck(moment, task);
  if (reason !== undefined) {
    stopTask(moment, task, { stopCode: 'ServiceSchedulerInitiated', reason, exitCode: 137 });
    countFailure(moment, task, reason);
  } else if (!task.served && isServing(moment, task)) {
    task.served = true;
    countSuccess(moment, task);
  }
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html */
function exit(moment: Moment, task: TaskState): void {
  const { behaviour } = task;
  if (behaviour.kind !== 'exits' && behaviour.kind !== 'outOfMemory') return;
  sendLines(moment, task, behaviour.lines ?? []);
  const killed = behaviour.kind === 'outOfMemory';
  failTask(moment, task, {
    stopCode: 'EssentialContainerExited',
    reason: 'Essential container in task exited',
    exitCode: killed ? 137 : behaviour.code,
    ...(killed ? { containerReason: OUT_OF_MEMORY } : {}),
  });
}

function registerTargets(moment: Moment, task: TaskState): readonly TargetGroupUse[] {
  if (task.service === undefined) return [];
  const service = serviceOf(moment.state, task.service);
  const from = passesFrom(task.behaviour, 'loadBalancer');
  const answersFrom = from === undefined ? undefined : moment.now + from * 1_000;
  return service.loadBalancers.flatMap((balancer) => {
    const group = groupOf(service, task.revision ?? '', balancer);
    if (group === undefined) return [];
    const use = { group, ...addressOf(moment, task, balancer.containerPort ?? 80) };
    moment.ports.targets.register(use.group, { id: use.id, port: use.port }, answersFrom);
    say(moment, service, `registered 1 targets in (target-group ${group}).`);
    return [use];
  });
}

/** With `awsvpc` a task has an address of its own, else it shares that of its instance. */
function addressOf(
  moment: Moment,
  task: TaskState,
  port: number,
): { readonly id: string; readonly port: number } {
  const { state } = moment;
  const { networkMode } = definitionOf(state, task.definition).content;
  const number = Number(nextId(moment, ''));
  if (networkMode === 'awsvpc')
    return { id: `10.0.${Math.floor(number / 250) % 250}.${1 + (number % 250)}`, port };
  const instance = state.instances.find(({ id }) => id === task.instance);
  return { id: instance?.ec2Id ?? task.id, port: FIRST_HOST_PORT + (number % 28_000) };
}
