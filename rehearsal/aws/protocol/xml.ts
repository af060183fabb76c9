import { membersOf, type Schema } from '../schema';
import { scalarOf, textOf } from './scalars';

/** An element, without attributes: nothing that is read here has any that matter. */
export interface Element {
  readonly name: string;
  readonly children: readonly Element[];
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

export const escapeXml = (text: string): string =>
  text.replace(/[<>&"']|[\u0000-\u001f]/g, (found) => `&#x${found.charCodeAt(0).toString(16)};`);

const unescapeXml = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi,
    (found, hex?: string, decimal?: string, name?: string) => {
      if (hex !== undefined) return String.fromCodePoint(parseInt(hex, 16));
      return decimal !== undefined ? String.fromCodePoint(Number(decimal)) : (ENTITIES[name ?? ''] ?? found);
    },
  );

/**
 * The root element of a document.
 *
 * @throws SyntaxError where tags do not match
 */
export function parseXml(text: string): Element {
  const tokens = text
    .replace(/<\?[^>]*\?>|<!--.*?-->/gs, '')
    .matchAll(/<(\/?)([^\s/>]+)[^>]*?(\/?)>|([^<]+)/g);
  const open: { name: string; children: Element[]; text: string }[] = [{ name: '', children: [], text: '' }];
  const close = (name: string): void => {
    const element = open.pop();
    if (element?.name !== name) throw new SyntaxError(`</${name}> closes nothing`);
    open.at(-1)?.children.push(element);
  };
  for (const [, slash, name = '', empty, content] of tokens) {
    const inner = open.at(-1);
    if (content !== undefined && inner) inner.text += unescapeXml(content);
    else if (slash === '/') close(name);
    else {
      open.push({ name, children: [], text: '' });
      if (empty === '/') close(name);
    }
  }
  const [document, ...unclosed] = open;
  const [root] = document?.children ?? [];
  if (unclosed.length > 0 || !root) throw new SyntaxError('a document has one root element');
  return root;
}

/** A value of a document, along its schema. What does not fit stays in as it came, so that the check finds it. */
export function fromXml(schema: Schema, element: Element): unknown {
  if (schema.isStructSchema()) return structFromXml(schema, element.children);
  if (schema.isListSchema()) return element.children.map((item) => fromXml(schema.getValueSchema(), item));
  return element.children.length > 0 ? element : scalarOf(schema, element.text);
}

function structFromXml(schema: Schema, children: readonly Element[]): Readonly<Record<string, unknown>> {
  const members = new Map(
    membersOf(schema).map(([name, member]) => [
      String(member.getMergedTraits().xmlName ?? name),
      { name, member },
    ]),
  );
  const entries = new Map<string, unknown>();
  for (const child of children) {
    const found = members.get(child.name);
    if (!found) entries.set(child.name, child.text);
    else if (found.member.isListSchema() && found.member.getMergedTraits().xmlFlattened === 1) {
      const before = (entries.get(found.name) ?? []) as readonly unknown[];
      entries.set(found.name, [...before, fromXml(found.member.getValueSchema(), child)]);
    } else entries.set(found.name, fromXml(found.member, child));
  }
  return Object.fromEntries(entries);
}

/** Members of an answer as elements. */
export function membersToXml(schema: Schema, value: object, only?: ReadonlySet<string>): string {
  const members = new Map(membersOf(schema));
  return Object.entries(value)
    .filter(([name, item]) => item !== undefined && item !== null && (!only || only.has(name)))
    .map(([name, item]) => {
      const member = members.get(name);
      return member ? toXml(member, item, String(member.getMergedTraits().xmlName ?? name)) : '';
    })
    .join('');
}

function toXml(schema: Schema, value: unknown, tag: string): string {
  if (schema.isStructSchema()) return wrap(tag, membersToXml(schema, value as object));
  if (schema.isListSchema()) return listToXml(schema, value as readonly unknown[], tag);
  if (schema.isMapSchema()) return mapToXml(schema, value as Readonly<Record<string, unknown>>, tag);
  return wrap(tag, escapeXml(textOf(schema, value)));
}

function listToXml(schema: Schema, items: readonly unknown[], tag: string): string {
  const value = schema.getValueSchema();
  const flat = schema.getMergedTraits().xmlFlattened === 1;
  const name = flat ? tag : String(value.getMergedTraits().xmlName ?? 'member');
  const content = items.map((item) => toXml(value, item, name)).join('');
  return flat ? content : wrap(tag, content);
}

function mapToXml(schema: Schema, map: Readonly<Record<string, unknown>>, tag: string): string {
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const flat = schema.getMergedTraits().xmlFlattened === 1;
  const content = Object.entries(map)
    .map(([name, item]) => {
      const left = toXml(key, name, String(key.getMergedTraits().xmlName ?? 'key'));
      const right = toXml(value, item, String(value.getMergedTraits().xmlName ?? 'value'));
      return wrap(flat ? tag : 'entry', left + right);
    })
    .join('');
  return flat ? content : wrap(tag, content);
}

export const wrap = (tag: string, content: string): string => `<${tag}>${content}</${tag}>`;
