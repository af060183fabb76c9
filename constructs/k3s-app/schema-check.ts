import type { Fault } from '../../contract';
import { KNOWN_KINDS, validatorOf, type Violation } from './schema-validators';

/**
 * What Kubernetes would refuse, or silently leave out, of an object: a field that it does not know, a wrong type, a
 * value that is not allowed, a kind that is not known here.
 *
 * The schemas themselves let unknown fields pass. But a compiled schema looks at each field that it knows, and at all
 * of a free map such as labels: what it has not looked at, it does not know.
 *
 * @param place File of the object, such as `10-base/config.yaml`.
 * @see https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation
 */
export function objectFaults(object: unknown, place: string): readonly Fault[] {
  const { apiVersion, kind, name } = identityOf(object);
  const validate = validatorOf(`${apiVersion}/${kind}`);
  if (validate === undefined) {
    return [
      {
        place,
        value: `${apiVersion}/${kind}`,
        allowed: `a kind with a schema: ${KNOWN_KINDS.join(', ')}`,
        change: 'use one of these kinds, or add the schema of this one',
      },
    ];
  }
  const watched = watch(object);
  const at = `${place} ${kind} ${name}`;
  const wrong = validate(watched.value).map((violation) => faultOf(violation, object, at));
  const judged = new Set(wrong.map((fault) => fault.place));
  const unknown = watched.unread(at).filter((path) => ![...judged].some((other) => path.startsWith(other)));
  return [
    ...wrong,
    ...unknown.map((path) => ({
      place: path,
      value: 'a field that Kubernetes does not know',
      allowed: `the fields of ${kind} in ${apiVersion}`,
      change: 'correct its name, or remove it',
    })),
  ];
}

interface Watched {
  /** The same value; what is read of it is noted. */
  readonly value: unknown;
  /** Paths of the fields that nobody has read, below `path`. */
  readonly unread: (path: string) => readonly string[];
}

function watch(value: unknown): Watched {
  if (Array.isArray(value)) {
    const items = value.map(watch);
    return {
      value: items.map((item) => item.value),
      unread: (path) => items.flatMap((item, index) => item.unread(`${path}[${index}]`)),
    };
  }
  if (typeof value !== 'object' || value === null) return { value, unread: () => [] };
  const fields = Object.entries(value).map(([name, field]) => [name, watch(field)] as const);
  const read = new Set<string | symbol>();
  return {
    value: new Proxy(Object.fromEntries(fields.map(([name, field]) => [name, field.value])), {
      get: (target, name) => {
        read.add(name);
        return Reflect.get(target, name);
      },
    }),
    unread: (path) =>
      fields.flatMap(([name, field]) =>
        read.has(name)
          ? field.unread(`${path}${separator(path)}${name}`)
          : [`${path}${separator(path)}${name}`],
      ),
  };
}

/** After file, kind and name comes a space, then fields with points between them. */
const separator = (path: string): string => (/ [^ ]+ [^ ]+ /.test(path) ? '.' : ' ');

function faultOf({ instancePath, keyword, message, params }: Violation, object: unknown, at: string): Fault {
  const keys = instancePath.split('/').slice(1).map(unescapePointer);
  const place = keys.reduce(
    (path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : `${path}${separator(path)}${key}`),
    at,
  );
  const value = keys.reduce<unknown>(
    (parent, key) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined),
    object,
  );
  const missing = keyword === 'required' ? `${separator(place)}${String(params.missingProperty)}` : '';
  return {
    place: `${place}${missing}`,
    value: missing === '' ? JSON.stringify(value) : 'nothing',
    allowed: allowedBy(keyword, params, message),
    change: missing === '' ? 'write a value that the schema allows' : 'add the field',
  };
}

function allowedBy(keyword: string, params: Violation['params'], message: string | undefined): string {
  if (keyword === 'type') return `a value of type ${String(params.type)}`;
  if (keyword === 'enum') return `one of ${JSON.stringify(params.allowedValues)}`;
  if (keyword === 'required') return 'a field that must be there';
  if (keyword === 'format') return `the format ${String(params.format)}`;
  return message ?? `what the rule ${keyword} of the schema allows`;
}

const unescapePointer = (key: string): string => key.replace(/~1/g, '/').replace(/~0/g, '~');

function identityOf(object: unknown): { apiVersion: string; kind: string; name: string } {
  const field = (of: unknown, name: string): unknown =>
    typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined;
  return {
    apiVersion: String(field(object, 'apiVersion')),
    kind: String(field(object, 'kind')),
    name: String(field(field(object, 'metadata'), 'name')),
  };
}
