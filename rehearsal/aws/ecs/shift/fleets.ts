import { aliveTasks, say } from '../deployments';
import { clusterOf, definitionOf, type Moment } from '../moment';
import { newTask } from '../new-task';
import { complain, place } from '../placement';
import type { DeploymentState, ServiceState, TaskState } from '../state';
import { stopTask } from '../stopping';
import { isServing } from '../task-health';

/** Starts and stops tasks of one revision until there are so many. The tasks of another revision serve meanwhile. */
export function keep(
  moment: Moment,
  service: ServiceState,
  { id }: DeploymentState,
  revision: string,
  count: number,
): void {
  const before = aliveTasks(moment.state, service, revision);
  for (const task of before.slice(count)) {
    const reason = `Scaling activity initiated by (deployment ecs-svc/${task.startedBy})`;
    stopTask(moment, task, { stopCode: 'ServiceSchedulerInitiated', reason });
  }
  if (before.length > count) say(moment, service, `has stopped ${before.length - count} running tasks.`);
  const started = start(moment, service, id, revision, count - before.length);
  if (started > 0) say(moment, service, `has started ${started} tasks.`);
}

/** @returns how many were started */
function start(
  moment: Moment,
  service: ServiceState,
  startedBy: string,
  revision: string,
  count: number,
): number {
  const { state } = moment;
  for (let started = 0; started < count; started += 1) {
    const task = taskOf(moment, service, startedBy, revision);
    if (!place(moment, task) && service.provider === undefined) {
      complain(moment, service, task);
      return started;
    }
    state.tasks.push(task);
  }
  return Math.max(0, count);
}

/** A new task of a revision of a service. */
export function taskOf(
  moment: Moment,
  service: ServiceState,
  startedBy: string,
  revision: string,
): TaskState {
  const { state } = moment;
  const { provider } = service;
  const definition = definitionOf(state, service.revisions[revision] ?? '');
  return newTask(moment, clusterOf(state, service.cluster), definition, startedBy, {
    service: service.arn,
    revision,
    ...(provider === undefined ? {} : { provider }),
  });
}

/** Stops every task that belongs to none of some revisions. */
export function stopOthers(
  moment: Moment,
  service: ServiceState,
  deployment: DeploymentState,
  kept: readonly (string | undefined)[],
): void {
  const others = new Set(aliveTasks(moment.state, service).map(({ revision }) => revision ?? ''));
  for (const revision of others) {
    if (!kept.includes(revision)) keep(moment, service, deployment, revision, 0);
  }
}

/** True once all tasks of a revision that are wanted do their work. */
export function isComplete(moment: Moment, service: ServiceState, revision: string, count: number): boolean {
  const tasks = aliveTasks(moment.state, service, revision);
  return tasks.length === count && tasks.every((task) => isServing(moment, task));
}

/** Tasks of the revision before, as they are now. */
export function sourceCounts(moment: Moment, service: ServiceState, deployment: DeploymentState) {
  const { source, shift } = deployment;
  const tasks = source === undefined ? [] : aliveTasks(moment.state, service, source);
  const running = tasks.filter(({ status }) => status === 'RUNNING').length;
  const wanted = deployment.rollback ? service.desired : shift?.sourceRuns === true ? service.desired : 0;
  const ended = deployment.finishedAt !== undefined;
  return {
    requestedTaskCount: ended && !deployment.rollback ? 0 : wanted,
    runningTaskCount: running,
    pendingTaskCount: tasks.length - running,
  };
}
