import type { DeployContext } from '../../../contract';
import type { DeploymentRecord } from './service-deployments';
import { trafficEvents } from './traffic';
import type { Snapshot } from './watch';

/** Tells what a wait is waiting for; stages and traffic only when they change. */
export class ProgressReport {
  private last: DeploymentRecord | undefined;

  report(snapshot: Snapshot, context: DeployContext): void {
    for (const event of trafficEvents(this.last, snapshot.record)) context.emit(event);
    this.last = snapshot.record;
    reportProgress(snapshot, context);
  }
}

/** Passes on what ECS says about the service, and how many tasks run. */
function reportProgress({ record, news }: Snapshot, { emit }: DeployContext): void {
  for (const message of news) {
    emit({
      code: 'service.event',
      level: /unable|unhealthy|failed|error/i.test(message) ? 'warning' : 'info',
      message,
    });
  }
  const { requested, running, pending, breaker, stage, status } = record;
  const parts = [
    `${status.toLowerCase().replaceAll('_', ' ')}: ${running} of ${requested} tasks run`,
    ...(pending > 0 ? [`${pending} pending`] : []),
    ...(breaker && breaker.failed > 0 ? [`${breaker.failed} of ${breaker.threshold} failures`] : []),
    ...(stage === undefined ? [] : [stage.toLowerCase().replaceAll('_', ' ')]),
  ];
  emit({
    code: 'deployment.progress',
    level: 'progress',
    message: parts.join(', '),
    data: { deployment: record.arn, status, requested, running, pending },
  });
}
