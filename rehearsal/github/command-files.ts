import { closeSync, existsSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Files by which a step hands something to the runner. */
const FILES = ['GITHUB_OUTPUT', 'GITHUB_ENV', 'GITHUB_PATH', 'GITHUB_STATE', 'GITHUB_STEP_SUMMARY'] as const;

export type CommandFile = (typeof FILES)[number];
export type CommandFiles = Readonly<Record<CommandFile, string>>;

/** Bytes that the summary of a step may have. */
const SUMMARY_LIMIT = 1024 * 1024;

/** Makes empty files for one step. */
export function makeCommandFiles(folder: string, step: number): CommandFiles {
  const home = join(folder, '_runner_file_commands');
  mkdirSync(home, { recursive: true });
  const made: Record<string, string> = {};
  for (const name of FILES) {
    made[name] = join(home, `${name.toLowerCase()}_${step}`);
    closeSync(openSync(made[name], 'w'));
  }
  return made as CommandFiles;
}

/** Text of a file that the step may have removed. */
export const readCommandFile = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

/**
 * Reads `name=value` lines and `name<<delimiter` blocks.
 *
 * @throws Error as the runner words it
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#multiline-strings
 */
export function parsePairs(text: string): readonly (readonly [name: string, value: string])[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const pairs: [string, string][] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const { name, delimiter, value } = opening(line);
    if (delimiter === undefined) {
      pairs.push([name, value]);
      continue;
    }
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new Error(`Invalid value. Matching delimiter not found '${delimiter}'`);
    pairs.push([name, lines.slice(index + 1, end).join('\n')]);
    index = end;
  }
  return pairs;
}

function opening(line: string): {
  readonly name: string;
  readonly delimiter?: string;
  readonly value: string;
} {
  const equals = line.indexOf('=');
  const heredoc = line.indexOf('<<');
  if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
    const name = line.slice(0, equals);
    if (name === '') throw new Error(`Invalid format '${line}'. Name must not be empty`);
    return { name, value: line.slice(equals + 1) };
  }
  if (heredoc < 0) throw new Error(`Invalid format '${line}'`);
  const [name, delimiter] = [line.slice(0, heredoc), line.slice(heredoc + 2)];
  if (name !== '' && delimiter !== '') return { name, delimiter, value: '' };
  throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
}

/**
 * The summary of a step.
 *
 * @throws Error as the runner words it
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
 */
export function readSummary(path: string): string {
  if (!existsSync(path)) return '';
  const { size } = statSync(path);
  if (size <= SUMMARY_LIMIT) return readFileSync(path, 'utf8');
  const kilobytes = (bytes: number): string => `${Math.floor(bytes / 1024)}k`;
  throw new Error(
    `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${kilobytes(SUMMARY_LIMIT)}, got ${kilobytes(size)}.`,
  );
}
