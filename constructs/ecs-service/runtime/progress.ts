import type { DeployContext } from '../../../contract';
import type { Snapshot } from './watch';

/** Tells what a wait is waiting for, and passes on what ECS says about the service. */
export function reportProgress({ record, news }: Snapshot, { emit }: DeployContext): void {
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
