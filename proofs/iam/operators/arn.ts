import { unsupported } from '../refusal';
import {
  isVariable,
  parseTemplate,
  resolveTemplate,
  type Template,
  type TemplateToken,
  UnresolvedVariable,
} from '../variables';
import { compileGlob, type GlobToken } from '../wildcard';
import type { Operand, Operator } from './operator';

/** `arn:partition:service:region:account:resource`, where the resource may hold more colons. */
export const ARN_PARTS = 6;

/** The six parts of an ARN; fewer where the text is none. */
export function arnParts(text: string): readonly string[] {
  const pieces = text.split(':');
  return pieces.length <= ARN_PARTS
    ? pieces
    : [...pieces.slice(0, ARN_PARTS - 1), pieces.slice(ARN_PARTS - 1).join(':')];
}

/** Cuts a template at the colons of its plain text; colons inside variables do not count. */
function templateParts(template: Template): readonly Template[] {
  const parts: TemplateToken[][] = [[]];
  for (const token of template) {
    if (typeof token !== 'string') {
      parts.at(-1)?.push(token);
      continue;
    }
    token.split(':').forEach((piece, index) => {
      if (index > 0 && parts.length < ARN_PARTS) parts.push([piece]);
      else parts.at(-1)?.push(index > 0 ? `:${piece}` : piece);
    });
  }
  return parts;
}

const isGlobToken = (token: TemplateToken): token is GlobToken => !isVariable(token);

function compile(place: string, text: string, version: Parameters<Operator['compile']>[2]): Operand {
  const template = parseTemplate(place, text, version);
  const parts = templateParts(template);
  if (parts.length < ARN_PARTS || !text.startsWith('arn:')) {
    const change = 'Write the whole ARN, with wildcards where they are meant.';
    throw unsupported(place, text, 'an ARN of six parts', change);
  }
  const fixed = parts.map((part) =>
    part.some(isVariable) ? undefined : compileGlob(part.filter(isGlobToken)),
  );
  return {
    variables: template.filter(isVariable),
    test: (value, lookup) => {
      const values = arnParts(value);
      if (values.length < ARN_PARTS) return false;
      return parts.every((part, index) => {
        const found = values[index] ?? '';
        const known = fixed[index];
        if (known) return known(found);
        const tokens = resolveTemplate(part, lookup);
        return !(tokens instanceof UnresolvedVariable) && compileGlob(tokens)(found);
      });
    },
  };
}

/**
 * The ARN operators. Each of the six parts is compared on its own, so a wildcard does not reach over
 * the colon that ends its part. `ArnEquals` knows wildcards as well: it is the same as `ArnLike`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export const ARN_OPERATORS = {
  ArnEquals: { negated: false, compile },
  ArnLike: { negated: false, compile },
  ArnNotEquals: { negated: true, compile },
  ArnNotLike: { negated: true, compile },
} as const satisfies Readonly<Record<string, Operator>>;
