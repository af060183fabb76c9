import { onlyText, parseScript } from '../../calls/shell';
import type { Step } from '../../artefacts';

/** A shell as GitHub offers it, or written out with options. */
const SHELL = /^(?:ba)?sh(?:(?: -[\w-]+| pipefail)* \{0\})?$/;
/** What joins commands, or changes what their exit code means. */
const SYNTAX = /[\n;&|<>`$(){}!#\\]/;

/**
 * The words of a script that is one command and nothing else, so that the exit code of the command is that of the
 * step.
 *
 * @returns undefined for every other script
 */
export function plainCommand({ run = '', shell }: Step): readonly string[] | undefined {
  const script = run.trim();
  if (SYNTAX.test(script) || (shell !== undefined && !SHELL.test(shell))) return undefined;
  const { commands } = parseScript(script);
  const [command, second] = commands;
  if (!command || second || command.assignments.length > 0) return undefined;
  const words = command.words.map(onlyText);
  return words.some((word) => word === undefined) ? undefined : words.flatMap((word) => word ?? []);
}
