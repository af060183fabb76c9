import type { Fault } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { parseScript } from '../calls/shell';
import { showWord } from '../calls/shell-word';
import { commandsOfStep } from './commands';
import { record } from './occurrences';
import { placeOf } from './place';

/** Builtins after which `node .lockstep/cli.mjs` may mean something else. */
const CHANGES_MEANING = /^(?:cd|pushd|popd|alias|hash|enable|unset)$/;
/** Functions by these names would run in place of the programs. */
const PROGRAMS = /^(?:node|exec|command)$/;

/** What makes `node .lockstep/cli.mjs` run something else than the command of the repository. */
export function commandScriptFaults(workflow: Workflow, job: Job, step: Step): readonly Fault[] {
  if (commandsOfStep(step).length === 0) return [];
  const place = placeOf(workflow, job, step);
  const folder = workingDirectory(workflow, job, step);
  const elsewhere = folder !== undefined && !/^\.?\/?$/.test(folder);
  const { commands, functions } = parseScript(step.run ?? '');
  const changed = commands
    .map(({ words: [first] }) => (first ? showWord(first) : ''))
    .filter((name) => CHANGES_MEANING.test(name));
  const shadows = functions.filter((name) => PROGRAMS.test(name)).map((name) => `${name}()`);
  return [...(elsewhere ? [`working-directory: ${folder}`] : []), ...changed, ...shadows].map((what) => ({
    place,
    value: `${what}, where the command runs`,
    allowed: 'the command from the root of the repository, by the node of the runner',
    change: `remove ${what}`,
  }));
}

/** The folder that a script runs in. @returns undefined for the root of the repository */
export function workingDirectory({ raw }: Workflow, job: Job, step: Step): string | undefined {
  const folders = [step.raw, ...[job.raw, raw].map((each) => record(record(each.defaults).run))].map(
    (each) => each['working-directory'],
  );
  const folder = folders.find((each) => each !== undefined);
  return folder === undefined ? undefined : String(folder);
}
