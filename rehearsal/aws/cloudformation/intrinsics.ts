import { holds, soleEntry } from './conditions';
import { NO_VALUE, type Scope } from './scope';
import { notRehearsed } from './template';

type Resolve = (value: unknown) => unknown;
type Intrinsic = (argument: unknown, resolve: Resolve, scope: Scope) => unknown;

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html */
const INTRINSICS: Readonly<Record<string, Intrinsic>> = {
  Ref: (id, _, scope) => scope.ref(String(id)),
  'Fn::GetAtt': (argument, resolve, scope) => {
    const [id, ...names] = typeof argument === 'string' ? argument.split('.') : list(argument, scope);
    return scope.attribute(String(id), names.map((name) => text(resolve(name), scope)).join('.'));
  },
  'Fn::Join': (argument, resolve, scope) => {
    const [separator, parts] = list(argument, scope);
    return list(resolve(parts), scope)
      .map((part) => text(part, scope))
      .join(text(separator, scope));
  },
  'Fn::Select': (argument, resolve, scope) => {
    const [index, items] = list(argument, scope);
    const found = list(resolve(items), scope)[Number(resolve(index))];
    if (found === undefined) throw refused(scope, 'Fn::Select', argument, 'an index of the list');
    return found;
  },
  'Fn::Split': (argument, resolve, scope) => {
    const [separator, whole] = list(argument, scope);
    return text(resolve(whole), scope).split(text(separator, scope));
  },
  'Fn::Sub': substitute,
  'Fn::If': (argument, resolve, scope) => {
    const [condition, yes, no] = list(argument, scope);
    return resolve(scope.condition(String(condition)) ? yes : no);
  },
  'Fn::FindInMap': (argument, resolve, scope) => {
    const [map, first, second] = list(argument, scope).map((key) => text(resolve(key), scope));
    return scope.mapping(map ?? '', first ?? '', second ?? '');
  },
  'Fn::Base64': (argument, resolve, scope) => Buffer.from(text(resolve(argument), scope)).toString('base64'),
  'Fn::GetAZs': (argument, resolve, scope) => {
    const region = text(resolve(argument), scope);
    return ['a', 'b', 'c'].map((zone) => `${region === '' ? scope.region : region}${zone}`);
  },
  'Fn::ImportValue': (argument, resolve, scope) => scope.imported(text(resolve(argument), scope)),
  'Fn::GetStackOutput': (argument, resolve, scope) => {
    const { StackName, Region, OutputName } = resolve(argument) as Readonly<Record<string, unknown>>;
    const region = Region === undefined ? scope.region : text(Region, scope);
    return scope.stackOutput(text(StackName, scope), region, text(OutputName, scope));
  },
};

/**
 * Puts values in place of intrinsic functions and dynamic references. Properties that are `AWS::NoValue` are left
 * out.
 *
 * @throws LockstepError `NotRehearsed` that names stack and logical id
 */
export function resolveValue(value: unknown, scope: Scope): unknown {
  const resolve: Resolve = (inner) => resolveValue(inner, scope);
  if (typeof value === 'string') return dynamicReferences(value, scope);
  if (Array.isArray(value)) return value.map(resolve).filter((item) => item !== NO_VALUE);
  if (typeof value !== 'object' || value === null) return value;
  const [name = '', argument] = soleEntry(value) ?? [];
  const intrinsic = INTRINSICS[name];
  if (intrinsic) return intrinsic(argument, resolve, scope);
  if (name.startsWith('Fn::')) {
    const known = Object.keys(INTRINSICS).join(', ');
    throw notRehearsed(scope.place, name, known, 'Write the value without this function.');
  }
  const entries = Object.entries(value).map(([key, item]) => [key, resolve(item)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== NO_VALUE));
}

/** @throws LockstepError `NotRehearsed` */
export const resolveCondition = (condition: unknown, scope: Scope): boolean =>
  holds(condition, scope, (value) => resolveValue(value, scope));

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html */
function substitute(argument: unknown, resolve: Resolve, scope: Scope): unknown {
  const [template, names] = Array.isArray(argument) ? (argument as readonly unknown[]) : [argument, {}];
  const given = resolve(names) as Readonly<Record<string, unknown>>;
  return text(template, scope).replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (Object.hasOwn(given, name)) return text(given[name], scope);
    const [id = '', ...attribute] = name.split('.');
    return attribute.length > 0 ? scope.attribute(id, attribute.join('.')) : text(scope.ref(name), scope);
  });
}

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html */
function dynamicReferences(value: string, scope: Scope): string {
  return value.replace(/\{\{resolve:([a-z-]+):([^}]*)\}\}/g, (whole, service: string, name: string) => {
    if (service === 'ssm') return scope.parameter(name.replace(/:\d+$/, ''));
    const change = 'Read the secret when the task starts, not in the template.';
    throw notRehearsed(scope.place, whole, 'dynamic references to SSM parameters', change);
  });
}

function list(value: unknown, scope: Scope): readonly unknown[] {
  if (Array.isArray(value)) return value as readonly unknown[];
  throw refused(scope, 'the argument of a function', value, 'a list');
}

function text(value: unknown, scope: Scope): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw refused(scope, 'the argument of a function', value === NO_VALUE ? 'AWS::NoValue' : value, 'a text');
}

const refused = (scope: Scope, what: string, value: unknown, allowed: string) =>
  notRehearsed(`${scope.place}, ${what}`, JSON.stringify(value), allowed, 'Correct the template.');
