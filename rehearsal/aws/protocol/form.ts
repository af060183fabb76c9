import { membersOf, type Schema } from '../schema';
import { scalarOf } from './scalars';

/** How the query protocols name things. EC2's is a dialect of its own. */
export type Dialect = 'query' | 'ec2';

/** A form as a tree: `Tags.member.1.Key=a` is four levels deep. */
interface Node {
  text?: string;
  readonly children: Map<string, Node>;
}

/** The form without what every request has. */
export function formTree(body: string): Node {
  const root: Node = { children: new Map() };
  for (const [name, text] of new URLSearchParams(body)) {
    if (name !== 'Action' && name !== 'Version') place(root, name.split('.'), text);
  }
  return root;
}

function place(root: Node, path: readonly string[], text: string): void {
  let node = root;
  for (const step of path) {
    const next = node.children.get(step) ?? { children: new Map<string, Node>() };
    node.children.set(step, next);
    node = next;
  }
  node.text = text;
}

/**
 * A value of the form, along its schema. What does not fit stays in as it came, so that the check finds it.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 * @see https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html
 */
export function fromTree(schema: Schema, node: Node, dialect: Dialect): unknown {
  if (schema.isStructSchema()) {
    const members = new Map(
      membersOf(schema).map(([name, member]) => [keyOf(name, member, dialect), { name, member }]),
    );
    const entries = [...node.children].map(([key, child]) => {
      const found = members.get(key);
      return found ? [found.name, fromTree(found.member, child, dialect)] : [key, plain(child)];
    });
    return Object.fromEntries(entries) as unknown;
  }
  if (schema.isListSchema()) return items(schema, node, dialect);
  if (schema.isMapSchema()) return entries(schema, node, dialect);
  return node.children.size > 0 ? plain(node) : scalarOf(schema, node.text ?? '');
}

/** `X.1` where the list is flat, `X.member.1` where it is not. */
function items(schema: Schema, node: Node, dialect: Dialect): unknown {
  const value = schema.getValueSchema();
  const flat = dialect === 'ec2' || schema.getMergedTraits().xmlFlattened === 1;
  const list = flat ? node : node.children.get(String(value.getMergedTraits().xmlName ?? 'member'));
  // An empty list is written as `X=`.
  if (!list) return node.children.size > 0 ? plain(node) : [];
  return numbered(list).map((child) => fromTree(value, child, dialect));
}

function entries(schema: Schema, node: Node, dialect: Dialect): unknown {
  const list = schema.getMergedTraits().xmlFlattened === 1 ? node : node.children.get('entry');
  const [key, value] = [schema.getKeySchema(), schema.getValueSchema()];
  const pairs = numbered(list ?? { children: new Map<string, Node>() }).map((child) => [
    child.children.get(String(key.getMergedTraits().xmlName ?? 'key'))?.text ?? '',
    fromTree(value, child.children.get(String(value.getMergedTraits().xmlName ?? 'value')) ?? child, dialect),
  ]);
  return Object.fromEntries(pairs) as unknown;
}

const numbered = ({ children }: Node): readonly Node[] =>
  [...children].sort(([one], [other]) => Number(one) - Number(other)).map(([, child]) => child);

function keyOf(name: string, member: Schema, dialect: Dialect): string {
  const { xmlName, ec2QueryName } = member.getMergedTraits();
  const key = String(xmlName ?? name);
  if (dialect === 'query') return key;
  return ec2QueryName === undefined ? key.charAt(0).toUpperCase() + key.slice(1) : String(ec2QueryName);
}

const plain = ({ text, children }: Node): unknown =>
  children.size === 0 ? text : Object.fromEntries([...children].map(([key, child]) => [key, plain(child)]));
