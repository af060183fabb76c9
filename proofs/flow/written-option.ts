import type { Job, Workflow } from '../artefacts';
import type { CommandUse } from './commands';
import { record } from './occurrences';

/** Text of an option with a value; where it is a variable, what `env` gives that variable. */
export function writtenOption(
  { raw }: Workflow,
  job: Job,
  { options, step }: CommandUse,
  name: string,
): string | undefined {
  const given = options[name];
  if (typeof given !== 'string') return undefined;
  const variable = /^\$\{?(\w+)\}?$/.exec(given)?.[1];
  if (variable === undefined) return given;
  const ofFile = record(raw.env)[variable];
  return step.env[variable] ?? job.env[variable] ?? String(ofFile ?? `$${variable}, which nobody sets`);
}

/** True for an input of the run and nothing else. */
export const isInput = (text: string): boolean => /^\$\{\{\s*inputs\.\w[\w-]*\s*\}\}$/.test(text);
