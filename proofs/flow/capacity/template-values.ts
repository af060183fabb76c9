import type { Fault } from '../../../contract';
import { type Resource, Unresolved, type Value } from '../../artefacts';

/** Something in a template that cannot be counted on. It becomes a finding. */
export class Unreadable extends Error {
  constructor(readonly fault: Fault) {
    super(fault.value);
  }
}

export const unreadable = (resource: Resource, name: string, value: string, allowed: string): Unreadable =>
  new Unreadable({
    place: resource.path,
    value: `${name}: ${value}`,
    allowed: `${allowed}: otherwise nobody can say whether an update fits`,
    change: `write ${name} so that it can be counted`,
  });

/**
 * A number, which CloudFormation also takes as text.
 *
 * @throws Unreadable when the template does not say it
 */
export function number(resource: Resource, name: string, value: Value | undefined): number {
  const read = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof read === 'number' && Number.isFinite(read)) return read;
  throw unreadable(resource, name, said(value), 'a number that stands in the template');
}

/** A value, printable. */
export const said = (value: Value | undefined): string =>
  value === undefined ? 'nothing' : value instanceof Unresolved ? value.toString() : JSON.stringify(value);

export type Properties = { readonly [key: string]: Value };

export const list = (value: Value | undefined): readonly Value[] =>
  Array.isArray(value) ? (value as readonly Value[]) : [];

export const record = (value: Value | undefined): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Unresolved)
    ? (value as Properties)
    : {};
