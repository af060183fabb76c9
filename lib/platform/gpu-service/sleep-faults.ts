import type { Fault } from '../../../contract';
import type { GpuServiceEnvironment } from './gpu-service';

/** Whether a service that sleeps saves anything, and wakes. */
export function sleepFaults(
  { instances: { min, warm }, sleep }: GpuServiceEnvironment,
  place: string,
): Fault[] {
  if (!sleep) return [];
  const faults: Fault[] = [];
  if (sleep.from === sleep.to) {
    faults.push({
      place: `${place}.sleep.to`,
      value: `"${sleep.to}", when it falls asleep`,
      allowed: 'another time of the day than from',
      change: 'set to when it is to wake',
    });
  }
  if (sleep.from < sleep.to && sleep.days !== 'everyDay') {
    faults.push({
      place: `${place}.sleep.from`,
      value: `"${sleep.from}", before "${sleep.to}" of the same day, with days 'weekdays'`,
      allowed: "a time of the day after to, or days 'everyDay': it would be awake the whole weekend",
      change: "set from to a later time of the day than to, or days to 'everyDay'",
    });
  }
  if (min > 0) {
    faults.push({
      place: `${place}.instances.min`,
      value: `${min}, with a service that sleeps`,
      allowed: '0: instances without tasks would go on running',
      change: 'set instances.min to 0, or leave out sleep',
    });
  }
  if (warm > 0) {
    faults.push({
      place: `${place}.instances.warm`,
      value: `${warm}, with a service that sleeps`,
      allowed: 'none: the service starts once a day, and the volumes would be paid all the time',
      change: 'leave out warm, or sleep',
    });
  }
  return faults;
}
