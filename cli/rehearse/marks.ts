import type { Conclusion } from '../../rehearsal/github/run-result';
import { printable } from '../../runtime/renderers/printable';
import type { Paint } from '../local-command';

/** Longest text of one line, in characters: a container may log lines of any length. */
const LONGEST_LINE = 200;
/** Longest text that says what is wrong: it names ARNs, and a name that is cut is no name. */
const LONGEST_FACT = 2_000;

/** A sign for each result, as the other commands use them. */
export function mark(result: Conclusion, paint: Paint): string {
  switch (result) {
    case 'success':
      return paint.green('✔');
    case 'failure':
      return paint.red('✖');
    case 'cancelled':
      return paint.yellow('▲');
    case 'skipped':
      return paint.dim('–');
  }
}

/** One line that a terminal shows and never acts on. */
export const line = (text: string): string => cut(printable(text), LONGEST_LINE);

/** The same for what is wrong, which is told at length. */
export const fact = (text: string): string => cut(printable(text), LONGEST_FACT);

const cut = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest - 1)}…` : text;

/** The lines of the first few, and how many more there are. */
export function firstOf(
  entries: readonly (readonly string[])[],
  most: number,
  paint: Paint,
): readonly string[] {
  const more = entries.length - most;
  return [...entries.slice(0, most).flat(), ...(more > 0 ? [paint.dim(`… and ${more} more`)] : [])];
}

export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
