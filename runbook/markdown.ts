/** Pieces of Markdown as GitHub renders it. */

export const code = (text: string): string => `\`${text}\``;

export const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

export const shell = (lines: readonly string[]): string => ['```sh', ...lines, '```'].join('\n');

/** @returns nothing where there are no rows */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.map(inCell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

const inCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** Blocks below a heading, those that are empty left out. */
export const section = (title: string, ...blocks: readonly string[]): string =>
  [title, ...blocks.filter((block) => block !== '')].join('\n\n');

/** `a`, `a and b`, `a, b and c`. */
export function inWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}

export const count = (number: number, word: string): string =>
  `${number} ${number === 1 ? word : plural(word)}`;

/** `repositories`, but `gateways`. */
const plural = (word: string): string => (/[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`);
