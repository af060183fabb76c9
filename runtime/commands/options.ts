import { Option } from 'commander';
import type { Ports } from '../ports';

/** What `program.ts` gives to each command: the ports, and where to leave the exit code. */
export interface CommandContext {
  readonly ports: Ports;
  finish(code: number): void;
}

export const jsonOption = (): Option =>
  new Option('--json', 'print one JSON document on stdout, events as lines on stderr');

/** What the exit codes 0 and 1 say of a command. */
export interface ExitMeaning {
  /** Exit code 0. */
  readonly done: string;
  /** Exit code 1. @default - nothing but what the API refuses */
  readonly failed?: string;
  /** Whose API can refuse a call; that is a failure always. @default 'AWS' */
  readonly api?: 'AWS' | "GitHub's API" | 'none';
}

/**
 * Example, JSON form, environment variables and exit codes below the help of a command.
 *
 * @param environment variables that only this command reads, a line each
 */
export function helpText(
  example: string,
  json: string,
  { done, failed, api = 'AWS' }: ExitMeaning,
  environment: readonly string[] = [],
): string {
  const failures = [
    ...(failed === undefined ? [] : [failed]),
    ...(api === 'none' ? [] : [`${api} refused a call`]),
  ];
  return [
    '',
    'Example:',
    `  $ node .lockstep/cli.mjs ${example}`,
    '',
    'JSON (more fields may be added):',
    `  ${json}`,
    '',
    ...(environment.length === 0 ? [] : ['Environment:', ...environment.map((line) => `  ${line}`), '']),
    'Exit code:',
    `  0         ${done}`,
    `  1         ${failures.join(', or ')}`,
    '  2         wrong usage or configuration',
    '  130, 143  told to stop',
    '',
  ].join('\n');
}
