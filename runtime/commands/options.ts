import { Option } from 'commander';
import type { Ports } from '../ports';

/** What `program.ts` gives to each command: the ports, and where to leave the exit code. */
export interface CommandContext {
  readonly ports: Ports;
  finish(code: number): void;
}

export const jsonOption = (): Option =>
  new Option('--json', 'print one JSON document on stdout, events as lines on stderr');

/** What the exit codes 0 and 1 say of a command. A call that AWS refuses is always a failure. */
export interface ExitMeaning {
  /** Exit code 0. */
  readonly done: string;
  /** Exit code 1. @default - only that AWS refused a call */
  readonly failed?: string;
}

/** Example, JSON form and exit codes below the help of a command. */
export function helpText(example: string, json: string, { done, failed }: ExitMeaning): string {
  return [
    '',
    'Example:',
    `  $ node .lockstep/cli.mjs ${example}`,
    '',
    'JSON (more fields may be added):',
    `  ${json}`,
    '',
    'Exit code:',
    `  0         ${done}`,
    `  1         ${failed === undefined ? '' : `${failed}, or `}AWS refused a call`,
    '  2         wrong usage or configuration',
    '  130, 143  told to stop',
    '',
  ].join('\n');
}
