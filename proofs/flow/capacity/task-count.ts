import type { Fault } from '../../../contract';
import { type Resource, Unresolved, type Value } from '../../artefacts';
import type { TemplateIndex } from './template-index';
import { list, number, type Properties, record } from './template-values';

/** How many tasks a service may have while it is awake. */
export interface TaskCount {
  readonly min: number;
  readonly max: number;
  /** What is wrong with the times at which the numbers change. */
  readonly faults: readonly Fault[];
}

/**
 * What autoscaling may choose, at any time of the week; without it, the desired count.
 *
 * @throws Unreadable when a number does not stand in the template
 */
export function taskCount(service: Resource, index: TemplateIndex): TaskCount {
  const target = index
    .all(service, 'AWS::ApplicationAutoScaling::ScalableTarget')
    .find(
      ({ properties }) =>
        properties.ServiceNamespace === 'ecs' && index.refersTo(properties.ResourceId, service.logicalId),
    );
  if (!target) {
    const count = number(service, 'DesiredCount', service.properties.DesiredCount);
    return { min: count, max: count, faults: [] };
  }
  const usual = limitsIn(target, target.properties);
  const scheduled = scheduledActions(target).map((action) => limitsIn(target, action));
  const awake = [usual, ...scheduled].filter(({ max }) => max > 0);
  return {
    min: Math.min(...awake.map(({ min }) => min)),
    max: Math.max(0, ...awake.map(({ max }) => max)),
    faults: scheduleFaults(target.path, scheduled),
  };
}

interface Limits {
  readonly min: number;
  readonly max: number;
}

const limitsIn = (target: Resource, { MinCapacity, MaxCapacity }: Properties): Limits => ({
  min: number(target, 'MinCapacity', MinCapacity),
  max: number(target, 'MaxCapacity', MaxCapacity),
});

/** Both branches of a condition count: the one with actions comes true with the first release. */
function scheduledActions({ properties: { ScheduledActions: value } }: Resource): readonly Properties[] {
  const branches: readonly (Value | undefined)[] =
    value instanceof Unresolved ? (value.known.choices ?? []) : [value];
  return branches.flatMap(list).map((action) => record(record(action).ScalableTargetAction));
}

/** @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_ScalableTargetAction.html */
function scheduleFaults(place: string, scheduled: readonly Limits[]): readonly Fault[] {
  const crossed = scheduled.filter(({ min, max }) => min > max);
  const sleeps = scheduled.some(({ max }) => max === 0);
  const wakes = scheduled.some(({ max }) => max > 0);
  return [
    ...crossed.map(({ min, max }) => ({
      place,
      value: `a scheduled action with ${min} to ${max} tasks`,
      allowed: 'a minimum that is at most the maximum',
      change: 'order the two numbers',
    })),
    ...(sleeps && !wakes
      ? [
          {
            place,
            value: 'a scheduled action that takes all tasks away, and none that starts them again',
            allowed: 'another action with a maximum above 0: else the service sleeps for ever',
            change: 'add the action that wakes it',
          },
        ]
      : []),
  ];
}
