import { LockstepError } from '../../contract';

/**
 * The error for everything that the evaluator does not model. It throws rather than guesses: a wrong
 * guess in an `Allow` would prove a permission that is not there.
 *
 * @param place policy, statement and element, such as `policy "Calls", Statement[0].Condition`
 */
export function unsupported(place: string, value: unknown, allowed: string, change: string): LockstepError {
  return new LockstepError('UnsupportedPolicy', { place, value: printable(value), allowed, change });
}

function printable(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  if (value === undefined) return 'nothing';
  // Values of a template that are known only at deployment are class instances that print themselves.
  const plain = typeof value !== 'object' || value === null || Array.isArray(value) || isPlain(value);
  return plain ? JSON.stringify(value) : String(value);
}

/** True for an object literal, false for an array or the instance of a class. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
