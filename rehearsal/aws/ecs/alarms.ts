import { aliveTasks, currentOf, endDeployment, goalOf, hasEnded, rollBack, say } from './deployments';
import type { Moment } from './moment';
import type { DeploymentState, ServiceState } from './state';

/**
 * Watches the alarms of a deployment from its first running task on. One that was in ALARM before is ignored for
 * this deployment, so that a deployment which mends the cause can go through.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export function watchAlarms(moment: Moment, service: ServiceState): void {
  const current = currentOf(service);
  const { enable, rollback, alarmNames } = service.alarms;
  if (!enable || !current || hasEnded(current) || current.rollback) return;
  const runs = aliveTasks(moment.state, service, goalOf(service)).some(({ status }) => status === 'RUNNING');
  if (!runs) return;
  const { account, region } = service;
  const ringing = alarmNames.filter((name) => moment.ports.alarms.inAlarm(account, region, name));
  current.ignoredAlarms ??= ringing;
  const ignored = current.ignoredAlarms;
  const triggered = ringing.filter((name) => !ignored.includes(name));
  if (triggered.length === 0) return;
  current.triggeredAlarms = triggered;
  say(moment, service, `(deployment ecs-svc/${current.id}) deployment failed: alarm detected.`);
  const why = `the alarm ${triggered.join(', ')} was triggered`;
  if (rollback) rollBack(moment, service, current, `Service deployment rolled back because ${why}.`);
  else endDeployment(moment, service, current, 'STOPPED', why);
}

/**
 * Seconds for which alarms are watched after the last old task is gone. ECS computes them from the alarms and
 * does not say how: here it is the time over which the slowest alarm looks.
 */
export function bakeSeconds({ ports }: Moment, service: ServiceState, deployment: DeploymentState): number {
  const { enable, alarmNames } = service.alarms;
  if (!enable || deployment.rollback || service.desired === 0) return 0;
  const { account, region } = service;
  return Math.max(0, ...alarmNames.map((name) => ports.alarms.lookback(account, region, name)));
}
