import type { Fault } from '../../contract';

/** How much was looked at, and what is wrong. */
export interface Checked {
  readonly checked: number;
  readonly findings: readonly Fault[];
}

/** A text somewhere in a document. */
export interface Text {
  /** Such as `targets.0.spec.cluster`. */
  readonly path: string;
  readonly text: string;
}

/** Every text of a document, in its order. */
export function textsIn(value: unknown, path: readonly string[] = []): readonly Text[] {
  if (typeof value === 'string') return [{ path: path.join('.'), text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => textsIn(item, [...path, key]));
}
