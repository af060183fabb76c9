import type { Job, Workflow } from '../artefacts';
import type { CommandUse } from './commands';
import { record } from './occurrences';

/** Text of an option with a value; where it is a variable, what `env` gives that variable. The last one counts. */
export const writtenOption = (
  workflow: Workflow,
  job: Job,
  use: CommandUse,
  name: string,
): string | undefined => writtenOptions(workflow, job, use, name).at(-1);

/** The same for an option that may be written several times. */
export function writtenOptions(
  { raw }: Workflow,
  job: Job,
  { values, step }: CommandUse,
  name: string,
): readonly string[] {
  return (values[name] ?? []).map((given) => {
    const variable = /^\$\{?(\w+)\}?$/.exec(given)?.[1];
    if (variable === undefined) return given;
    const ofFile = record(raw.env)[variable];
    return step.env[variable] ?? job.env[variable] ?? String(ofFile ?? `$${variable}, which nobody sets`);
  });
}

/** True for an input of the run and nothing else. */
export const isInput = (text: string): boolean => /^\$\{\{\s*inputs\.\w[\w-]*\s*\}\}$/.test(text);
