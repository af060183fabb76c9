import { type Condition, parseConditions } from './condition';
import { parseDocument, type StatementDocument } from './document';
import { ARN_PARTS, arnParts, type Operand, STRING_OPERATORS } from './operators';
import { parsePrincipals, type PrincipalSelection } from './principal';
import { unsupported } from './refusal';
import type { PolicyVersion } from './variables';

/**
 * Where a policy stands: attached to a user or role (or its boundary), to a resource, or as the trust
 * policy of a role. It decides which elements a statement must and must not have.
 */
export type PolicyKind = 'identity' | 'resource' | 'trust';

/** `Action` or, negated, `NotAction`. */
export interface Selection {
  readonly negated: boolean;
  /** As written, with `*` and `?`. */
  readonly patterns: readonly string[];
}

/** `Resource` or, negated, `NotResource`. */
export interface ResourceSelection extends Selection {
  readonly place: string;
  readonly operands: readonly Operand[];
}

export interface Statement {
  /** Such as `policy "Calls", Statement[0]`. */
  readonly place: string;
  readonly index: number;
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly action: Selection;
  /** Missing in trust policies, and where a resource policy means the resource that it is attached to. */
  readonly resource?: ResourceSelection;
  /** Missing in identity policies. */
  readonly principal?: PrincipalSelection;
  readonly conditions: readonly Condition[];
}

/** A parsed policy. Everything in it is understood: what is not, `parsePolicy` refuses. */
export interface NamedPolicy<Kind extends PolicyKind = PolicyKind> {
  readonly name: string;
  readonly kind: Kind;
  readonly version: PolicyVersion;
  readonly statements: readonly Statement[];
}

/**
 * Reads a policy document as CloudFormation or IAM hold it.
 *
 * @param name printed in explanations and errors
 * @throws LockstepError `UnsupportedPolicy` that names policy, statement and element
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 */
export function parsePolicy<Kind extends PolicyKind>(
  name: string,
  document: unknown,
  kind: Kind,
): NamedPolicy<Kind> {
  const place = `policy "${name}"`;
  const { Version: version, Id, Statement } = parseDocument(place, document);
  if (kind === 'identity' && Id !== undefined) {
    throw unsupported(`${place}, Id`, Id, 'no Id in an identity policy', 'Remove it.');
  }
  const statements = Statement.map((statement, index) =>
    parseStatement(`${place}, Statement[${index}]`, index, statement, kind, version),
  );
  const sids = statements.flatMap(({ sid }) => sid ?? []);
  const twice = sids.find((sid, index) => sids.indexOf(sid) !== index);
  if (twice !== undefined) {
    throw unsupported(`${place}, Sid`, twice, 'each Sid once', 'Name each statement differently.');
  }
  return { name, kind, version, statements };
}

function parseStatement(
  place: string,
  index: number,
  document: StatementDocument,
  kind: PolicyKind,
  version: PolicyVersion,
): Statement {
  const { Sid, Effect, Condition: conditions = {} } = document;
  const either = <Name extends keyof StatementDocument>(
    name: Name,
    not: Name,
    needed: boolean | 'optional',
  ) => {
    const given = [name, not].filter((key) => document[key] !== undefined);
    const fits = needed === 'optional' ? given.length < 2 : given.length === (needed ? 1 : 0);
    if (fits) return { value: document[name] ?? document[not], negated: document[not] !== undefined };
    const names = given.join(' and ');
    const allowed = needed ? `one of ${name} and ${not}` : `no ${names} in ${kind} policies`;
    const change = needed ? `Give ${name} or ${not}.` : `Remove ${names}.`;
    throw unsupported(`${place}.${given[0] ?? name}`, names || undefined, allowed, change);
  };
  const action = either('Action', 'NotAction', true);
  const resourceNeeded = { identity: true, resource: 'optional', trust: false } as const;
  const resource = either('Resource', 'NotResource', resourceNeeded[kind]);
  const principal = either('Principal', 'NotPrincipal', kind !== 'identity');
  return {
    place,
    index,
    ...(Sid !== undefined && { sid: Sid }),
    effect: Effect,
    action: parseActions(place, action.value ?? [], action.negated),
    ...(resource.value && { resource: parseResources(place, resource.value, resource.negated, version) }),
    ...(principal.value && {
      principal: parsePrincipals(place, principal.value, principal.negated, Effect),
    }),
    conditions: parseConditions(place, conditions, version),
  };
}

function parseActions(place: string, patterns: readonly string[], negated: boolean): Selection {
  for (const pattern of patterns) {
    if (pattern !== '*' && !/^[a-z0-9-]+:[a-z0-9*?]+$/i.test(pattern)) {
      const element = `${place}.${negated ? 'NotAction' : 'Action'}`;
      throw unsupported(element, pattern, '* or service:Action', 'Name the service in full.');
    }
  }
  return { negated, patterns };
}

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html */
function parseResources(
  statement: string,
  patterns: readonly string[],
  negated: boolean,
  version: PolicyVersion,
): ResourceSelection {
  const place = `${statement}.${negated ? 'NotResource' : 'Resource'}`;
  const operands = patterns.map((pattern) => {
    const parts = arnParts(pattern);
    const whole = parts.length === ARN_PARTS && parts[0] === 'arn' && /^[a-z0-9-]+$/.test(parts[2] ?? '');
    const early = parts
      .slice(0, ARN_PARTS - 1)
      .some((part) => version === '2012-10-17' && part.includes('${'));
    if (pattern !== '*' && (!whole || early)) {
      const allowed = '* or a whole ARN with a literal service and variables only after the fifth colon';
      throw unsupported(place, pattern, allowed, 'Write the whole ARN.');
    }
    return STRING_OPERATORS.StringLike.compile(place, pattern, version);
  });
  return { place, negated, patterns, operands };
}
