import type { Workflow } from '../artefacts';
import { type Declarations, outputsOfStep } from './declarations';
import type { Occurring } from './expressions-in';
import { record } from './occurrences';

/** What is wrong with a name that is read: what it may be, and the change. */
export interface Wrong {
  readonly allowed: string;
  readonly change: string;
}

const names = (list: readonly string[]): string => list.join(', ') || 'nothing';

/** An input of the workflow, by whatever name of the context. */
export function input(name: string, { inputs }: Declarations): Wrong | undefined {
  if (inputs.some((one) => one.name.toLowerCase() === name.toLowerCase())) return undefined;
  const allowed = `an input of this workflow: ${names(inputs.map((one) => one.name))}`;
  return { allowed, change: `declare the input ${name} below workflow_dispatch, or remove its use` };
}

/** A secret that the manifest lists; GitHub takes its name without regard to case. */
export function secret(name: string, { secrets }: Declarations): Wrong | undefined {
  const known = ['GITHUB_TOKEN', ...secrets];
  if (known.some((one) => one.toUpperCase() === name.toUpperCase())) return undefined;
  return {
    allowed: `secrets.${known.join(', secrets.')}; the platform provides no other secret`,
    change: 'sign in with the token of the job (OIDC) instead of a stored secret',
  };
}

/** Result or output of a needed job. */
export function need(
  [, id = '', part, output = '']: readonly string[],
  workflow: Workflow,
  { job }: Occurring,
): Wrong | undefined {
  if (!job || (id === '*' && part === 'result')) return undefined;
  if (!job.needs.includes(id)) {
    return {
      allowed: `a job that ${job.id} needs: ${names(job.needs)}`,
      change: `add ${id} to the \`needs\` of ${job.id}`,
    };
  }
  if (part === 'result') return undefined;
  const outputs = Object.keys(workflow.jobs.find((other) => other.id === id)?.outputs ?? {});
  if (part === 'outputs' && outputs.includes(output)) return undefined;
  return {
    allowed: `result, or an output of ${id}: ${names(outputs)}`,
    change: `declare the output in ${id}, or correct the name`,
  };
}

/** Output of a job, for the outputs of a workflow that others call. */
export function job([, id = '', , output = '']: readonly string[], { jobs }: Workflow): Wrong | undefined {
  const found = jobs.find((other) => other.id === id);
  if (found && Object.hasOwn(found.outputs, output)) return undefined;
  return {
    allowed: `an output of a job: ${names(Object.keys(found?.outputs ?? {}))}`,
    change: 'correct the name',
  };
}

const OUTCOMES = ['outcome', 'conclusion'];

/** Outcome or output of a step that ran before. */
export function step(
  [, id = '', part = '', output = '']: readonly string[],
  { job, step: reader }: Occurring,
): Wrong | undefined {
  if (!job) return { allowed: 'steps of a job', change: 'read it within the job' };
  const before = reader ? job.steps.slice(0, job.steps.indexOf(reader)) : job.steps;
  const found = before.find((one) => one.id === id);
  if (!found) {
    const ids = before.flatMap((one) => one.id ?? []);
    return {
      allowed: `a step that ran before: ${names(ids)}`,
      change: `give that step the id ${id}, or correct the name`,
    };
  }
  if (OUTCOMES.includes(part)) return undefined;
  const outputs = outputsOfStep(found);
  if ('unread' in outputs) {
    return {
      allowed: `an output that is known; ${id} is ${outputs.unread}`,
      change: 'write each output as `echo "name=$value" >> "$GITHUB_OUTPUT"`',
    };
  }
  if (part === 'outputs' && outputs.names.includes(output)) return undefined;
  return {
    allowed: `${OUTCOMES.join(', ')}, or an output of ${id}: ${names(outputs.names)}`,
    change: 'correct the name',
  };
}

/** A name of the `env` around an expression. */
export function env(
  name: string,
  declared: Declarations,
  { job, step: reader, field }: Occurring,
): Wrong | undefined {
  // Values of one `env` cannot read each other.
  const own = reader && !field.startsWith('env') ? Object.keys(reader.env) : [];
  const all = [...declared.env, ...Object.keys(job?.env ?? {}), ...own];
  if (all.includes(name)) return undefined;
  return { allowed: `a name in the \`env\` around it: ${names(all)}`, change: `declare ${name} in \`env\`` };
}

/** A name of the matrix of the job. */
export function matrix(name: string, { job }: Occurring): Wrong | undefined {
  const given = record(job?.raw.strategy).matrix;
  // A matrix that is an expression is made when the job runs.
  if (typeof given === 'string') return undefined;
  const { include, exclude: _exclude, ...axes } = record(given);
  const added = Array.isArray(include) ? include.flatMap((one) => Object.keys(record(one))) : [];
  const all = [...Object.keys(axes), ...added];
  return all.includes(name)
    ? undefined
    : { allowed: `a name of the matrix: ${names(all)}`, change: 'correct the name' };
}
