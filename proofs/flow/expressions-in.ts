import type { Job, Step, Workflow } from '../artefacts';
import { type Expression, type Location, parseExpression, WITHIN_TEXT } from './expression';
import { record } from './occurrences';
import { placeOf } from './place';

/** An expression in a workflow file, and where it stands. */
export interface Occurring {
  readonly place: string;
  readonly field: string;
  readonly job?: Job;
  readonly step?: Step;
  readonly text: string;
  readonly parsed: Expression | { readonly fault: string };
}

interface Where {
  readonly workflow: Workflow;
  readonly job?: Job;
  readonly step?: Step;
}

/** Every expression of a workflow: in `${{ }}`, and whole conditions. */
export function expressionsIn(workflow: Workflow): readonly Occurring[] {
  const { jobs: _jobs, on, ...top } = workflow.raw;
  return [
    ...walk(top, '', { workflow }),
    // Outputs of a workflow that others call read its jobs.
    ...walk(record(on), 'on', { workflow }),
    ...workflow.jobs.flatMap((job) => ofJob(workflow, job)),
  ];
}

function ofJob(workflow: Workflow, job: Job): Occurring[] {
  const { steps, ...rest } = job.raw;
  const plain = Array.isArray(steps) ? (steps as readonly unknown[]) : [];
  return [
    ...walk(rest, '', { workflow, job }),
    ...job.steps.flatMap((step, index) => walk(plain[index], '', { workflow, job, step })),
  ];
}

function walk(value: unknown, field: string, where: Where): Occurring[] {
  if (typeof value === 'string') return inText(value, field, where);
  if (Array.isArray(value)) return value.flatMap((item) => walk(item, field, where));
  return Object.entries(record(value)).flatMap(([key, item]) =>
    walk(item, field === '' ? key : `${field}.${key}`, where),
  );
}

function inText(text: string, field: string, { workflow, job, step }: Where): Occurring[] {
  const location = locationOf(field, job, step);
  const bare = field === 'if' && !text.includes('${{');
  const found = bare ? [text] : [...text.matchAll(WITHIN_TEXT)].map(([, inner = '']) => inner.trim());
  return found.map((expression) => ({
    place: placeOf(workflow, job, step),
    field,
    ...(job && { job }),
    ...(step && { step }),
    text: expression,
    parsed: parseExpression(expression, location),
  }));
}

function locationOf(field: string, job: Job | undefined, step: Step | undefined): Location {
  if (field === 'if') return step ? 'stepCondition' : 'jobCondition';
  return job === undefined && field === 'run-name' ? 'runName' : 'other';
}
