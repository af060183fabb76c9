import { messageOf } from '../message-of';
import { type CommandFile, parsePairs, readCommandFile, readSummary } from './command-files';
import type { RunningStep } from './running-step';

/** Variables that would change how the runner's own programs start. */
const BLOCKED = new Set(['NODE_OPTIONS']);

/**
 * Takes over what a step wrote into its files, also when it failed.
 *
 * @returns whether all of it could be read
 */
export function applyCommandFiles(running: RunningStep): boolean {
  const { files, state, outputs, log } = running;
  const readers: Readonly<Record<CommandFile, (path: string) => void>> = {
    GITHUB_OUTPUT: (path) => Object.assign(outputs, Object.fromEntries(parsePairs(readCommandFile(path)))),
    GITHUB_ENV: (path) => exportAll(running, parsePairs(readCommandFile(path))),
    GITHUB_PATH: (path) =>
      readCommandFile(path)
        .split('\n')
        .filter(Boolean)
        .forEach((folder) => addPath(running, folder)),
    // Only an action reads its state, and its stand-in keeps it itself.
    GITHUB_STATE: (path) => void parsePairs(readCommandFile(path)),
    GITHUB_STEP_SUMMARY: (path) => {
      const summary = readSummary(path);
      if (summary !== '') state.summary.push(state.masks.hide(summary));
    },
  };
  let read = true;
  for (const [name, path] of Object.entries(files) as [CommandFile, string][]) {
    try {
      readers[name](path);
    } catch (error) {
      log.annotate({
        level: 'error',
        message: `Unable to process file command '${contextOf(name)}' successfully.`,
      });
      log.annotate({ level: 'error', message: messageOf(error) });
      // A summary that is too long is lost, and nothing else.
      if (name !== 'GITHUB_STEP_SUMMARY') read = false;
    }
  }
  return read;
}

const contextOf = (name: CommandFile): string => name.replace('GITHUB_', '').toLowerCase();

function exportAll(running: RunningStep, pairs: readonly (readonly [string, string])[]): void {
  const { state, log } = running;
  for (const [name, value] of pairs) {
    if (BLOCKED.has(name.toUpperCase())) {
      log.annotate({
        level: 'error',
        message: `Can't store ${name} output parameter using '$GITHUB_ENV' command.`,
      });
    } else state.exported = { ...state.exported, [name]: value };
  }
}

/** Puts a folder before all others on the PATH of the steps that follow. */
export function addPath({ state }: Pick<RunningStep, 'state'>, folder: string): void {
  state.path = [folder, ...state.path.filter((each) => each !== folder)];
}
