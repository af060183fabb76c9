import type { Choice } from '../choose';
import type { Scenario } from './scenario';

/** One good and one bad delivery of the first workload: what a person wants to see first. */
export function sampleOf(scenarios: readonly Scenario[]): Choice {
  const good = scenarios.find(({ name }) => name === 'good');
  const bad = scenarios.find(
    ({ workflow, faults, expect }) =>
      workflow === good?.workflow &&
      faults.some(({ environment }) => environment) &&
      Object.values(expect.jobs).includes('failure'),
  );
  return {
    ...(good && { workflow: good.workflow }),
    names: [good, bad].flatMap((each) => (each ? [each.name] : [])),
  };
}
