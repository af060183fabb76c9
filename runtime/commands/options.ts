import { Option } from 'commander';
import type { Ports } from '../ports';

/** What `program.ts` gives to each command: the ports, and where to leave the exit code. */
export interface CommandContext {
  readonly ports: Ports;
  finish(code: number): void;
}

export const jsonOption = (): Option =>
  new Option('--json', 'print one JSON document on stdout, events as lines on stderr');

/** Example and JSON form below the help of a command. */
export function helpText(example: string, json: string): string {
  return `\nExample:\n  $ node .lockstep/cli.mjs ${example}\n\nJSON (more fields may be added):\n  ${json}\n`;
}
