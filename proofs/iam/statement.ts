import type { Condition } from './condition';
import { refuseUnresolved } from './condition';
import type { NamedPolicy, ResourceSelection, Statement } from './policy';
import type { Lookup } from './request';
import { actionGlob } from './wildcard';

/** A request in the form that statements are compared with. */
export interface Call {
  /** In lower case. */
  readonly action: string;
  /** @default - none: trust policies have no resource */
  readonly resource?: string;
  readonly lookup: Lookup;
}

/** A statement that applies to a call, with the policy that it stands in. */
export interface Hit {
  readonly policy: NamedPolicy;
  readonly statement: Statement;
}

/** What some policies say about a call. */
export interface Scan {
  readonly denies: readonly Hit[];
  readonly allows: readonly Hit[];
  /** Each `Allow` that names the action but does not apply: the element that failed, and how. */
  readonly misses: readonly string[];
}

/**
 * Puts a call to every statement. All are looked at, even behind a `Deny`, so that neither the decision
 * nor a refusal depends on their order.
 *
 * @param principalFailure says why a statement is not about the caller; nothing where it is
 */
export function scan(
  policies: readonly NamedPolicy[],
  call: Call,
  principalFailure?: (statement: Statement) => string | undefined,
): Scan {
  const denies: Hit[] = [];
  const allows: Hit[] = [];
  const misses: string[] = [];
  for (const policy of policies) {
    for (const statement of policy.statements) {
      if (!namesAction(statement, call.action)) continue;
      const failure =
        principalFailure?.(statement) ??
        resourceFailure(statement, call) ??
        conditionFailure(statement, call);
      if (failure === undefined) (statement.effect === 'Deny' ? denies : allows).push({ policy, statement });
      else if (statement.effect === 'Allow') misses.push(`${describe({ policy, statement })}: ${failure}`);
    }
  }
  return { denies, allows, misses };
}

/** `statement 0 "Push" of policy "Calls"`. */
export function describe({ policy, statement }: Hit): string {
  const sid = statement.sid === undefined ? '' : ` "${statement.sid}"`;
  return `statement ${statement.index}${sid} of policy "${policy.name}"`;
}

export const quoted = (texts: readonly string[]): string => texts.map((text) => `"${text}"`).join(' or ');

function namesAction({ action: { patterns, negated } }: Statement, action: string): boolean {
  return patterns.some((pattern) => actionGlob(pattern)(action)) !== negated;
}

function resourceFailure({ resource }: Statement, call: Call): string | undefined {
  if (!resource || call.resource === undefined) return undefined;
  if (namesResource(resource, call.resource, call.lookup)) return undefined;
  const { negated, patterns } = resource;
  return negated
    ? `NotResource: got "${call.resource}", allowed anything but ${quoted(patterns)}`
    : `Resource: got "${call.resource}", allowed ${quoted(patterns)}`;
}

function namesResource(selection: ResourceSelection, resource: string, lookup: Lookup): boolean {
  const { negated, operands } = selection;
  if (negated) refuseUnresolved(selection, lookup);
  return operands.some(({ test }) => test(resource, lookup)) !== negated;
}

function conditionFailure({ conditions }: Statement, { lookup }: Call): string | undefined {
  const failed = conditions.filter(({ holds }) => !holds(lookup));
  if (failed.length === 0) return undefined;
  return failed.map((condition) => explain(condition, lookup)).join('; ');
}

function explain({ operator, key, values }: Condition, lookup: Lookup): string {
  const value = lookup(key);
  const got =
    value === undefined
      ? 'nothing'
      : [value]
          .flat()
          .map((item) => `"${item}"`)
          .join(', ');
  const not = /^(For\w+:)?(\w*Not)/.test(operator) ? 'anything but ' : '';
  return `Condition ${operator} ${key}: got ${got || 'no value'}, allowed ${not}${quoted(values)}`;
}
