import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A call of a program that is to fail. */
export interface ProgramFault {
  /** Text that the command line contains: `python -m pytest`. */
  readonly contains: string;
  /** @default 1 */
  readonly exitCode?: number;
}

/**
 * Writes stand-ins of programs: they say what was not run, and end well unless a fault names their command line.
 *
 * @param folder is made; to be put on the PATH
 */
export function writeProgramStandIns(
  folder: string,
  names: readonly string[],
  faults: readonly ProgramFault[] = [],
): void {
  mkdirSync(folder, { recursive: true });
  for (const name of names) writeFileSync(join(folder, name), scriptOf(name, faults), { mode: 0o755 });
}

function scriptOf(name: string, faults: readonly ProgramFault[]): string {
  return [
    '#!/usr/bin/env bash',
    `line=${quoted(name)}`,
    '[ $# -eq 0 ] || line="$line $*"',
    'echo "rehearsed, not run: $line"',
    ...faults.map(
      ({ contains, exitCode = 1 }) =>
        `[[ "$line" != *${quoted(contains)}* ]] || { echo "fails in this rehearsal: $line" >&2; exit ${exitCode}; }`,
    ),
    'exit 0',
    '',
  ].join('\n');
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
