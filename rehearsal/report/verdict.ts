import type { RehearsalReport } from '../scenarios/scenario';

/** What a rehearsal shows, and what it cannot. */
export const LIMITS: readonly [string, string] = [
  'It proves wiring, order, permissions and the reaction to the faults that are modelled.',
  'It does not prove how AWS behaves: that is a model after the pages of AWS, and its timing is virtual.',
];

/**
 * True when something was rehearsed, all of it went as expected, and the calls made were the calls declared.
 * What was left behind without leave is a surprise of its scenario.
 */
export function hasPassed({ scenarios, calls, proofs = [] }: RehearsalReport): boolean {
  return (
    scenarios.length > 0 &&
    scenarios.every(({ passed }) => passed) &&
    (calls === undefined || (calls.undeclared.length === 0 && calls.unmade.length === 0)) &&
    proofs.every(({ findings }) => findings.length === 0)
  );
}
