import { Duration } from 'aws-cdk-lib';
import type { ServiceStrategy, ServiceUpdateProps } from '../../../constructs/ecs-service';
import type { EcsRollout } from './ecs-service';

/** What the construct is told of a strategy: only what belongs to it. */
export function updateProps(
  strategy: ServiceStrategy,
  { bakeMinutes, canary, linear }: EcsRollout,
): ServiceUpdateProps {
  if (strategy === 'rolling') return { strategy };
  const bake = Duration.minutes(bakeMinutes);
  if (strategy === 'blueGreen') return { strategy, bake };
  const { percent, waitMinutes } = strategy === 'canary' ? canary : linear;
  return { strategy, bake, percent, wait: Duration.minutes(waitMinutes) };
}
