import { unsupported } from './refusal';
import type { Lookup } from './request';
import { type GlobToken, globTokens } from './wildcard';

/** Version of the policy language. Only the newer one knows variables. */
export type PolicyVersion = '2008-10-17' | '2012-10-17';

/** `${key}` or `${key, 'fallback'}`. */
export interface Variable {
  readonly key: string;
  readonly fallback?: string;
}

export type TemplateToken = GlobToken | Variable;
/** A text of a policy, cut at its wildcards and variables. */
export type Template = readonly TemplateToken[];

/** A variable that the request has no value for. */
export class UnresolvedVariable {
  constructor(readonly key: string) {}
}

const VARIABLE = /^([A-Za-z0-9.-]+:[^:\s{}$,'*?][^{}$,'*?]*)(?:, '([^'{}$]*)')?$/;

export const isVariable = (token: TemplateToken): token is Variable => typeof token === 'object';

export const hasVariable = (text: string, version: PolicyVersion): boolean =>
  version === '2012-10-17' && text.includes('${');

/**
 * Cuts a text of a policy into wildcards, variables and plain text. `${*}`, `${?}` and `${$}` stand
 * for the character itself.
 *
 * @throws LockstepError `UnsupportedPolicy` for anything else between `${` and `}`, a CDK token included
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function parseTemplate(place: string, text: string, version: PolicyVersion): Template {
  if (!hasVariable(text, version)) return globTokens(text);
  const [head = '', ...pieces] = text.split('${');
  return [...globTokens(head), ...pieces.flatMap((piece) => parsePiece(place, piece))];
}

function parsePiece(place: string, piece: string): Template {
  const end = piece.indexOf('}');
  const name = piece.slice(0, Math.max(end, 0));
  const rest = globTokens(piece.slice(end + 1));
  if (name === '*' || name === '?' || name === '$') return [name, ...rest];
  const [, key, fallback] = VARIABLE.exec(name) ?? [];
  if (end < 0 || key === undefined) {
    throw unsupported(
      place,
      `\${${piece}`,
      "${key}, ${key, 'default'}, ${*}, ${?} or ${$}",
      'Write a policy variable, or the value itself.',
    );
  }
  return [{ key, ...(fallback !== undefined && { fallback }) }, ...rest];
}

/**
 * Puts the values of the request in place of the variables. A value is plain text: a `*` in it is no
 * wildcard.
 *
 * @returns the pattern, or the variable that has neither value nor default
 * @throws LockstepError `UnsupportedPolicy` when the key is multivalued, which AWS does not support
 */
export function resolveTemplate(
  template: Template,
  lookup: Lookup,
): readonly GlobToken[] | UnresolvedVariable {
  const resolved: GlobToken[] = [];
  for (const token of template) {
    if (!isVariable(token)) {
      resolved.push(token);
      continue;
    }
    const value = lookup(token.key) ?? token.fallback;
    if (value === undefined) return new UnresolvedVariable(token.key);
    if (typeof value !== 'string') {
      throw unsupported(
        `policy variable \${${token.key}}`,
        value,
        'a key with one value',
        'Use a single-valued key as variable.',
      );
    }
    resolved.push(value);
  }
  return resolved;
}
