import { bakeSeconds, watchAlarms } from './alarms';
import { aliveTasks, currentOf, endDeployment, goalOf, hasEnded, say } from './deployments';
import { type Moment, secondsSince } from './moment';
import { complain, place } from './placement';
import { taskOf } from './shift/fleets';
import { goOn } from './shift/stages';
import type { DeploymentState, ServiceState, TaskState } from './state';
import { stopTask } from './stopping';
import { isServing } from './task-health';

/** One second of a service: its deployment moves on, and tasks are started and stopped. */
export function schedule(moment: Moment, service: ServiceState): void {
  if (service.status === 'INACTIVE') return;
  const current = currentOf(service);
  if (!current) return;
  moveOn(moment, service, current);
  watchAlarms(moment, service);
  if (current.shift) goOn(moment, service, current);
  else replace(moment, service, current);
}

/** One second of a rolling update. */
function replace(moment: Moment, service: ServiceState, current: DeploymentState): void {
  const started = startTasks(moment, service, current);
  const stopped = stopTasks(moment, service);
  if (started.length > 0) say(moment, service, `has started ${started.length} tasks: ${namesOf(started)}.`);
  if (stopped.length > 0) {
    say(moment, service, `has stopped ${stopped.length} running tasks: ${namesOf(stopped)}.`);
  }
  complete(moment, service, current);
}

const namesOf = (tasks: readonly TaskState[]): string => tasks.map(({ id }) => `(task ${id})`).join(' ');

function moveOn(moment: Moment, service: ServiceState, current: DeploymentState): void {
  if (current.status === 'PENDING') current.status = 'IN_PROGRESS';
  if (current.status === 'ROLLBACK_REQUESTED') current.status = 'ROLLBACK_IN_PROGRESS';
  if (current.status === 'STOP_REQUESTED') {
    endDeployment(moment, service, current, 'STOPPED', 'Service deployment was stopped by a user.');
  }
}

/**
 * At most so many tasks as the maximum percent allows, rounded down. A deployment that failed without a way back
 * starts none.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
function startTasks(moment: Moment, service: ServiceState, current: DeploymentState): readonly TaskState[] {
  const { state } = moment;
  const goal = goalOf(service);
  const most = Math.floor((service.desired * service.maximumPercent) / 100);
  const started: TaskState[] = [];
  if (current.status === 'STOPPED' || current.status === 'ROLLBACK_FAILED') return started;
  while (
    aliveTasks(state, service, goal).length < service.desired &&
    aliveTasks(state, service).length < most
  ) {
    const task = taskOf(moment, service, current.id, goal);
    if (!place(moment, task) && service.provider === undefined) {
      complain(moment, service, task);
      break;
    }
    state.tasks.push(task);
    started.push(task);
  }
  return started;
}

/** At least so many tasks keep serving as the minimum percent asks for, rounded up. */
function stopTasks(moment: Moment, service: ServiceState): readonly TaskState[] {
  const { state } = moment;
  const goal = goalOf(service);
  const least = Math.ceil((service.desired * service.minimumHealthyPercent) / 100);
  const stopped: TaskState[] = [];
  const stop = (task: TaskState): void => {
    const reason = `Scaling activity initiated by (deployment ecs-svc/${task.startedBy})`;
    stopTask(moment, task, { stopCode: 'ServiceSchedulerInitiated', reason });
    stopped.push(task);
  };
  for (const task of aliveTasks(state, service, goal).slice(service.desired)) stop(task);
  for (const task of aliveTasks(state, service).filter(({ revision }) => revision !== goal)) {
    const serving = aliveTasks(state, service).filter((each) => isServing(moment, each));
    if (!isServing(moment, task) || serving.length - 1 >= least) stop(task);
  }
  return stopped;
}

function complete(moment: Moment, service: ServiceState, current: DeploymentState): void {
  if (hasEnded(current)) return;
  const mine = aliveTasks(moment.state, service, goalOf(service));
  const done =
    mine.length === service.desired &&
    mine.every((task) => isServing(moment, task)) &&
    aliveTasks(moment.state, service).length === mine.length;
  if (!done) {
    delete current.bakesSince;
    return;
  }
  current.bakesSince ??= moment.now;
  if (secondsSince(moment, current.bakesSince) < bakeSeconds(moment, service, current)) return;
  endDeployment(moment, service, current, current.rollback ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL');
  say(moment, service, `(deployment ecs-svc/${current.id}) deployment completed.`);
  say(moment, service, 'has reached a steady state.');
}
