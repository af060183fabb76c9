import { printable } from './printable';

/** Longest text of one cell or line, in characters; a container may log lines of any length. */
const LONGEST_TEXT = 2_000;
/** GitHub refuses the summary of a step beyond 1 MiB; some room is left for the line that says so. */
const LARGEST_DOCUMENT = 1024 * 1024 - 2_048;
/** Parts that are named when they are left out. */
const NAMED = 5;

export function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)];
}

/** Text in a line or a table cell: no markup, no second line. */
export function text(value: string): string {
  return (
    printable(cut(value), ' ')
      .replace(/ {2,}/g, ' ')
      .replace(/[\\`*_{}[\]#+|~$]/g, '\\$&')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // GitHub draws bare addresses as links.
      .replaceAll('://', '&#58;//')
      .replaceAll('www.', 'www&#46;')
  );
}

/** A code span. It is HTML because Markdown has no escape for a backtick in one. */
export function code(value: string): string {
  return value === '' ? '' : `<code>${text(value)}</code>`;
}

/**
 * A diagram that GitHub draws. Nothing of its source may come from outside.
 *
 * @see https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/creating-diagrams
 */
export const mermaidBlock = (source: readonly string[]): readonly string[] => [
  '```mermaid',
  ...source,
  '```',
];

/** A fence that is longer than any run of backticks inside. */
export function codeBlock(lines: readonly string[]): readonly string[] {
  const clean = lines.map((line) => printable(cut(line), ' '));
  const longest = Math.max(
    2,
    ...clean.flatMap((line) => (line.match(/`+/g) ?? []).map(({ length }) => length)),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...clean, fence];
}

function cut(value: string): string {
  const more = value.length - LONGEST_TEXT;
  return more > 0 ? `${value.slice(0, LONGEST_TEXT)} … (${more} characters more)` : value;
}

/**
 * One document of several parts. Parts that do not fit any more are left out, and named.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#step-isolation-and-limits
 */
export function sections(parts: readonly (readonly string[] | false | undefined)[]): string {
  const kept: string[] = [];
  const left: string[] = [];
  let size = 0;
  for (const part of parts) {
    if (part === undefined || part === false) continue;
    const block = `${part.join('\n')}\n\n`;
    const bytes = Buffer.byteLength(block);
    if (size + bytes > LARGEST_DOCUMENT) {
      left.push((part[0] ?? '').replace(/<[^>]*>|^#+ /g, '').slice(0, 60));
      continue;
    }
    size += bytes;
    kept.push(block);
  }
  if (left.length > 0) kept.push(`${leftOut(left)}\n\n`);
  return kept.join('');
}

function leftOut(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  const listed = names.slice(0, NAMED).join('; ');
  return `Left out, for GitHub keeps 1 MiB of a summary: ${listed}${more}. The log of the step has it.`;
}
