import type { Job, Step } from '../artefacts';
import { readCondition } from './condition';
import { isTrue } from './evaluate';
import { type Occurrence, record } from './occurrences';
import { merged, unknownsOf } from './unknowns';

const ALL_WELL = { success: true, failure: false, cancelled: false, always: true } as const;

/**
 * Whether a step runs whenever the steps before it succeeded, whatever is only known later.
 *
 * @returns undefined when it does, else why it may be left out
 */
export function whyLeftOut(job: Job, step: Step, occurrence: Occurrence): string | undefined {
  if (step.condition === undefined) return undefined;
  const condition = readCondition(step.condition, 'stepCondition');
  if ('alwaysTrue' in condition) return undefined;
  if ('fault' in condition) return `${step.condition}: ${condition.fault}`;
  const guesses = unknownsOf(
    [condition.expression],
    ([context, name, part]) =>
      context === 'inputs' ||
      (context === 'needs' && part === 'result') ||
      (context === 'github' && name !== undefined && Object.hasOwn(occurrence.github, name)),
  );
  if ('fault' in guesses) return `${step.condition} reads ${guesses.fault}`;
  if (condition.expression.calls.has('hashfiles')) return `${step.condition} depends on files`;
  const needs = Object.fromEntries(job.needs.map((id) => [id, { result: 'success' }]));
  const empty = { matrix: {}, strategy: {}, job: {}, runner: {}, env: {}, vars: {}, steps: {} };
  const runs = guesses.every((guess) =>
    isTrue(
      condition.expression,
      merged({ ...empty, github: occurrence.github, inputs: occurrence.inputs, needs }, guess),
      ALL_WELL,
    ),
  );
  return runs ? undefined : step.condition;
}

/** Whether a step may fail without its job being red. */
export function mayFailInSilence(job: Job, step: Step): boolean {
  const steps = Array.isArray(job.raw.steps) ? (job.raw.steps as readonly unknown[]) : [];
  return [job.raw, record(steps[job.steps.indexOf(step)])].some(
    (plain) => (plain['continue-on-error'] ?? false) !== false,
  );
}
