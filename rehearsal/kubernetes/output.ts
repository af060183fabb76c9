import { Refusal } from './kinds';
import type { View } from './view';

/**
 * A value of an object by the path of a custom column: names, names in escaped form, and places of lists.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/#custom-columns
 */
function valueAt(view: unknown, path: string): unknown {
  const parts = path.match(/(?:\\.|[^.[\]])+|\[\d+\]|\[\*\]/g) ?? [];
  if (/\[(?!\d+\]|\*\])/.test(path) || !path.startsWith('.')) {
    throw new Refusal(`error: the rehearsal does not know the path ${path} of a column`);
  }
  return parts.reduce<unknown>((value, part) => {
    if (part === '[*]') return value;
    const name = part.replace(/^\[(\d+)\]$/, '$1').replaceAll('\\', '');
    if (Array.isArray(value) && !/^\d+$/.test(name)) {
      return value.map((each: unknown) => memberOf(each, name));
    }
    return memberOf(value, name);
  }, view);
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

function shown(value: unknown): string {
  if (value === undefined || value === null) return '<none>';
  if (Array.isArray(value)) return value.map((each) => shown(each)).join(',');
  return typeof value === 'object'
    ? `map[${Object.entries(value)
        .map(([key, each]) => `${key}:${shown(each)}`)
        .join(' ')}]`
    : String(value);
}

/** Columns with three blanks between them, as wide as they need to be. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
        .join('   '),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** @param columns text behind `custom-columns=` */
export function customColumns(views: readonly View[], columns: string, hasHead: boolean): string {
  const read = columns.split(',').map((column) => {
    const at = column.indexOf(':');
    return [column.slice(0, at), column.slice(at + 1)] as const;
  });
  const body = views.map((view) => read.map(([, path]) => shown(valueAt(view, path))));
  const rows = hasHead ? [read.map(([head]) => head), ...body] : body;
  return table(rows);
}

/** For people: name and what matters most. */
export function people(views: readonly View[], hasHead: boolean): string {
  const rows = views.map((view) => [view.metadata.name, shown(valueAt(view, '.status.phase'))]);
  return table(hasHead ? [['NAME', 'STATUS'], ...rows] : rows);
}
