import type { Fault } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { placeOf } from './place';
import { record } from './occurrences';
import { variablesOfScript } from './scripts';

/** Expressions inside a script, and variables that it reads and nobody gives it. */
export function scriptFaults(workflow: Workflow, job: Job, step: Step): readonly Fault[] {
  const { run } = step;
  if (run === undefined) return [];
  const place = placeOf(workflow, job, step);
  const expressions = [...run.matchAll(/\$\{\{[\s\S]*?(?:\}\}|$)/g)].map(([text]) => ({
    place,
    value: text.split('\n')[0] ?? text,
    allowed: 'a script without expressions: a value that holds shell code would run',
    change: 'give the value in `env` and read "$NAME" in the script',
  }));
  const script = run.replace(/\$\{\{[\s\S]*?\}\}/g, '');
  const given = new Set([
    ...Object.keys(step.env),
    ...Object.keys(job.env),
    ...Object.keys(record(workflow.raw.env)),
    ...writtenBefore(job, step),
  ]);
  const undeclared = variablesOfScript(script)
    .filter((name) => !given.has(name))
    .map((name) => ({
      place,
      value: `$${name}`,
      allowed: `a variable that the script sets or that \`env\` gives: ${[...given].join(', ') || 'none'}`,
      change: `declare ${name} in the \`env\` of the step, or correct the name`,
    }));
  return [...expressions, ...undeclared];
}

/** Variables that earlier steps leave behind in GITHUB_ENV. */
function writtenBefore(job: Job, step: Step): readonly string[] {
  return job.steps
    .slice(0, job.steps.indexOf(step))
    .flatMap(({ run = '' }) => run.split('\n').filter((line) => line.includes('GITHUB_ENV')))
    .flatMap((line) => /(?:echo|printf)\s+["']?([A-Za-z_]\w*)=/.exec(line)?.[1] ?? []);
}
