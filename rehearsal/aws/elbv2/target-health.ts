import type { TargetHealth } from '../ecs';
import type { HealthCheck, TargetGroupState, TargetState } from './state';

/**
 * Health of a target by the checks that have run until now. A new target needs one good check; one that was found
 * unhealthy needs as many as the group asks for.
 *
 * @returns undefined once a target that was taken out is drained
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
 */
export function healthOf(
  { healthCheck, deregistrationDelay }: Pick<TargetGroupState, 'healthCheck' | 'deregistrationDelay'>,
  target: TargetState,
  now: number,
): TargetHealth | undefined {
  const { deregisteredAt, registeredAt } = target;
  if (deregisteredAt !== undefined) {
    return now - deregisteredAt < deregistrationDelay * 1_000 ? 'draining' : undefined;
  }
  const age = (now - registeredAt) / 1_000;
  const { healthyAt, unhealthyAt } = turns(healthCheck, target);
  if (healthyAt !== undefined && age >= healthyAt) return 'healthy';
  return age >= unhealthyAt ? 'unhealthy' : 'initial';
}

/** When the health of a target turns, in seconds after it was registered. */
function turns(
  { interval, healthyThreshold, unhealthyThreshold }: HealthCheck,
  { registeredAt, answersFrom }: TargetState,
): { readonly healthyAt?: number; readonly unhealthyAt: number } {
  const unhealthyAt = interval * unhealthyThreshold;
  if (answersFrom === undefined) return { unhealthyAt };
  const checks = Math.max(1, Math.ceil((answersFrom - registeredAt) / 1_000 / interval));
  const firstGood = checks * interval;
  const healthyAt = firstGood > unhealthyAt ? firstGood + interval * (healthyThreshold - 1) : firstGood;
  return { healthyAt, unhealthyAt };
}
