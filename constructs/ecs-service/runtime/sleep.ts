import type { Service } from '@aws-sdk/client-ecs';
import type { DeployContext } from '../../../contract';
import type { EcsServiceSpec } from '../spec';

type Sleeper = Pick<EcsServiceSpec, 'sleep' | 'service' | 'desiredCount'>;

/** Whether autoscaling has taken the tasks away by its schedule. A service without schedule has none by choice. */
export const isAsleep = ({ sleep }: Pick<EcsServiceSpec, 'sleep'>, service: Service): boolean =>
  sleep !== undefined && (service.desiredCount ?? 0) === 0;

/** Such as `asleep at 20:00, awake at 07:00, Monday to Friday (Europe/Berlin)`. */
export function sleepingHours({ sleep }: Pick<EcsServiceSpec, 'sleep'>): string {
  if (!sleep) return 'never';
  const days = sleep.days === 'weekdays' ? 'Monday to Friday' : 'every day';
  return `asleep at ${sleep.from}, awake at ${sleep.to}, ${days} (${sleep.timeZone})`;
}

/**
 * How many tasks a deployment asks for where a service sleeps, so that somebody sees the version run. Otherwise the
 * number stays as it is.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
 */
export function wakingCount(
  spec: Sleeper,
  service: Service,
  { emit }: DeployContext,
): { readonly desiredCount?: number } {
  if (!isAsleep(spec, service)) return {};
  const { desiredCount } = spec;
  emit({
    code: 'service.woken',
    level: 'info',
    message: `${spec.service} sleeps (${sleepingHours(spec)}): it is woken with ${desiredCount} ${desiredCount === 1 ? 'task' : 'tasks'}, and sleeps again by its schedule`,
    data: { desiredCount },
  });
  return { desiredCount };
}
