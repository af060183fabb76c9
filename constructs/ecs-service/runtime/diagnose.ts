import type { Task } from '@aws-sdk/client-ecs';
import type { Diagnosis } from '../../../contract';
import { lastPart } from '../../aws-client';
import { type StoppedTask, stoppedTask } from '../../ecs-task';
import type { EcsAccess } from './access';
import { type Shortage, shortageOf } from './capacity';
import { sayHook } from './conclude';
import { shiftsTraffic } from './deployment-configuration';
import { type Evidence, isOrdinaryStop } from './evidence';
import { explain } from './explain';
import { gpusOf, isActive } from './placement';
import { type DeploymentRecord, newest } from './service-deployments';
import { eventsSince, saysNoPlace } from './service-events';
import { isAsleep, sleepingHours } from './sleep';

/** Tasks whose log is read: the lines of the third say no more than those of the first two. */
const LOGGED_TASKS = 3;
const LINES = 20;

/** Collects what AWS still knows about the newest deployment, and explains it. */
export async function diagnose(access: EcsAccess): Promise<readonly Diagnosis[]> {
  const { calls, spec } = access;
  const service = await calls.service();
  const latest = await newest(calls);
  const stopped = await failedTasks(access, latest);
  const events = eventsSince(service, latest?.createdAt ?? new Date(0)).map(({ message }) => message);
  const shortage = spec.capacity ? await missingCapacity(access, latest, events) : undefined;
  return explain({
    stopped: await withLines(access, stopped),
    events,
    ...(latest === undefined ? {} : { deployment: deploymentEvidence(latest) }),
    ...(shortage === undefined ? {} : { shortage }),
    ...(isAsleep(spec, service) ? { asleep: sleepingHours(spec) } : {}),
  });
}

/** Stopped tasks of the newest deployment's version, newest first, without those stopped on purpose. */
async function failedTasks(
  { tasks }: EcsAccess,
  latest: DeploymentRecord | undefined,
): Promise<readonly Task[]> {
  const stopped = (await tasks.tasks('STOPPED')).filter((task) => task.lastStatus === 'STOPPED');
  const time = (task: Task) => (task.stoppedAt ?? task.stoppingAt ?? task.createdAt)?.getTime() ?? 0;
  return stopped
    .filter((task) => !isOrdinaryStop(task))
    .filter((task) => !latest?.taskDefinition || task.taskDefinitionArn === latest.taskDefinition)
    .filter((task) => !latest || time(task) >= latest.createdAt.getTime())
    .sort((a, b) => time(b) - time(a));
}

async function withLines(
  { tasks, spec }: EcsAccess,
  stopped: readonly Task[],
): Promise<readonly StoppedTask[]> {
  const found: StoppedTask[] = [];
  for (const [index, task] of stopped.entries()) {
    const failed = task.containers?.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0);
    const lines =
      index < LOGGED_TASKS
        ? await tasks.lastLines(failed?.name ?? spec.container, lastPart(task.taskArn ?? ''), LINES)
        : [];
    found.push(stoppedTask(task, lines));
  }
  return found;
}

/** The arithmetic, when tasks of the newest deployment wait for a place, or did when it was given up. */
async function missingCapacity(
  { tasks, spec }: EcsAccess,
  latest: DeploymentRecord | undefined,
  events: readonly string[],
): Promise<Shortage | undefined> {
  if (!spec.capacity || !latest || latest.status === 'SUCCESSFUL') return undefined;
  const waiting = (await tasks.tasks('RUNNING')).filter((task) => task.lastStatus === 'PROVISIONING').length;
  const complained = events.some(saysNoPlace);
  if (!complained && waiting === 0) return undefined;
  const instances = (await tasks.instances()).filter(isActive).map(gpusOf);
  return shortageOf(Math.max(1, waiting, latest.requested - latest.running), instances, spec.capacity);
}

function deploymentEvidence(record: DeploymentRecord): NonNullable<Evidence['deployment']> {
  const reason = record.rollback?.reason ?? record.statusReason;
  return {
    id: lastPart(record.arn),
    status: record.status,
    alarms: record.triggeredAlarms,
    hooks: record.failedHooks.map(sayHook),
    twoFleets: shiftsTraffic(record.strategy),
    ...(reason === undefined ? {} : { reason }),
  };
}
