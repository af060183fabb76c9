import { isScalar, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';

/** Builds the nodes of a YAML document, with the layout that people write workflows in. */

export type Value = string | number | boolean;
export type Node = Scalar | YAMLMap | YAMLSeq;

/** A scalar, with a remark behind it if one is given. Several lines become a block. */
export function scalar(value: Value, remark?: string): Scalar {
  const node = new Scalar(value);
  if (typeof value === 'string' && value.includes('\n')) node.type = Scalar.BLOCK_LITERAL;
  if (remark) node.comment = ` ${remark}`;
  return node;
}

/** Entries in the order given; those without a value are left out. */
export type Entries = readonly (readonly [string, Node | Value | undefined])[];

/** @param options.spaced true to put a blank line between the entries */
export function mapping(entries: Entries, { spaced = false } = {}): YAMLMap {
  const map = new YAMLMap();
  for (const [name, value] of entries) {
    if (value === undefined) continue;
    const key = new Scalar(name);
    key.spaceBefore = spaced && map.items.length > 0;
    map.add(new Pair(key, isNode(value) ? value : scalar(value)));
  }
  return map;
}

/** Puts a comment above an entry of the mapping, one line for each text. */
export function explain(map: YAMLMap, name: string, lines: readonly string[]): void {
  for (const { key } of map.items) {
    if (isScalar(key) && key.value === name) key.commentBefore = lines.map((line) => ` ${line}`).join('\n');
  }
}

/** A mapping of plain values, or nothing when it is empty. */
export function plainMapping(values: Readonly<Record<string, Value>> | undefined): YAMLMap | undefined {
  const entries = Object.entries(values ?? {});
  return entries.length > 0 ? mapping(entries) : undefined;
}

/** One item below the other. */
export function list(items: readonly (Node | Value)[], { spaced = false } = {}): YAMLSeq {
  const seq = new YAMLSeq();
  for (const [index, item] of items.entries()) {
    const node = isNode(item) ? item : scalar(item);
    node.spaceBefore = spaced && index > 0;
    seq.add(node);
  }
  return seq;
}

/** Items on one line: `[build, scan]`. */
export function inline(items: readonly Value[]): YAMLSeq {
  const seq = list(items);
  seq.flow = true;
  return seq;
}

/** `{}`, which says that there is nothing and not that something was forgotten. */
export function empty(): YAMLMap {
  const map = new YAMLMap();
  map.flow = true;
  return map;
}

function isNode(value: Node | Value): value is Node {
  return typeof value === 'object';
}
