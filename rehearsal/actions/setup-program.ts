import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { type ProgramBehaviour, writeProgramStandIns } from '../programs';
import type { Inputs } from './inputs';

/** What a setup action brings. */
export interface Language {
  /** Prefix of its inputs: `python` for `python-version`. */
  readonly name: string;
  readonly programs: readonly string[];
  /** File that the cache is keyed by when the step names none. */
  readonly lockFiles: readonly string[];
}

/**
 * Puts stand-ins of the programs on the PATH.
 *
 * @returns the version that was asked for, and the folder of the programs
 * @throws ActionFailure as the setup actions word it
 */
export function setUp(
  step: ActionRun,
  inputs: Inputs,
  { name, programs, lockFiles }: Language,
  behaviour: ProgramBehaviour,
): { readonly version: string; readonly folder: string } {
  const version =
    inputs.text(`${name}-version`) || versionOfFile(step, inputs.text(`${name}-version-file`), name);
  const cached = inputs.text('cache');
  // setup-go caches by default, and then only warns of a missing file.
  if (cached !== '' && cached !== 'true' && cached !== 'false') requireLockFile(step, inputs, lockFiles);
  const folder = join(step.temp, `set-up-${name}`);
  writeProgramStandIns(folder, programs, behaviour);
  step.addPath(folder);
  step.log(`${name} ${version || 'as the runner has it'}: ${programs.join(', ')} say what would have run`);
  return { version, folder };
}

function versionOfFile({ workspace }: ActionRun, file: string, name: string): string {
  if (file === '') return '';
  const path = join(workspace, file);
  if (!existsSync(path))
    throw new ActionFailure(`The specified ${name} version file at: ${path} does not exist`);
  return readFileSync(path, 'utf8').trim();
}

function requireLockFile(step: ActionRun, inputs: Inputs, lockFiles: readonly string[]): void {
  const named = inputs.lines('cache-dependency-path');
  const files = named.length > 0 ? named : lockFiles;
  if (files.some((file) => existsSync(join(step.workspace, file)))) return;
  throw new ActionFailure(
    `No file in ${step.workspace} matched to [${files.join(' or ')}], make sure you have checked out the target repository`,
  );
}
