import type { Source } from '../../../constructs/gpu-compatibility';

/** A link to a page of the reviewed tables, and the day on which it was read. */
export const sourceLink = ({ url, read }: Source): string => `[${pageOf(new URL(url))}](${url}) (${read})`;

/** Short enough for a table, long enough to tell pages of one site apart. */
const pageOf = ({ hostname, pathname }: URL): string =>
  `${hostname}${pathname.replace(/\/(index\.html)?$/, '')}`;

/** A line that names the pages of a table. */
export const sourceLine = (sources: readonly Source[]): readonly string[] =>
  sources.length === 0 ? [] : ['', `Read from ${sources.map(sourceLink).join(', ')}.`];
