import { describe, type Hit } from './statement';

/** What policies decide about one call, and why. */
export interface Decision {
  readonly effect: 'allowed' | 'explicitlyDenied' | 'implicitlyDenied';
  /** One line per reason: the statement that decided, or what each candidate lacked. */
  readonly because: readonly string[];
  /** The statement that decided. Missing where nothing applied. */
  readonly statement?: { readonly policy: string; readonly index: number; readonly sid?: string };
}

export function allowed(hit: Hit, ...more: readonly string[]): Decision {
  return { effect: 'allowed', because: [`allowed by ${describe(hit)}`, ...more], statement: named(hit) };
}

export function explicitlyDenied(hit: Hit): Decision {
  return { effect: 'explicitlyDenied', because: [`denied by ${describe(hit)}`], statement: named(hit) };
}

export function implicitlyDenied(because: readonly string[]): Decision {
  return { effect: 'implicitlyDenied', because };
}

function named({ policy, statement: { index, sid } }: Hit): NonNullable<Decision['statement']> {
  return { policy: policy.name, index, ...(sid !== undefined && { sid }) };
}
