import type { ServiceStrategy } from '../../../constructs/ecs-service';
import type { EcsRollout } from './ecs-service';

type Waits = Pick<EcsRollout, 'bakeMinutes' | 'canary' | 'linear'>;

/**
 * Minutes from the first traffic that moves to the last.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-linearconfiguration.html
 */
export function shiftMinutes(strategy: ServiceStrategy, { canary, linear }: Waits): number {
  switch (strategy) {
    case 'rolling':
    case 'blueGreen':
      return 0;
    case 'canary':
      return canary.waitMinutes;
    case 'linear':
      return (Math.ceil(1000 / Math.round(linear.percent * 10)) - 1) * linear.waitMinutes;
  }
}

/** Minutes that a deployment waits on purpose: while traffic moves, and before the old tasks go. */
export const waitingMinutes = (strategy: ServiceStrategy, waits: Waits): number =>
  strategy === 'rolling' ? 0 : shiftMinutes(strategy, waits) + waits.bakeMinutes;
