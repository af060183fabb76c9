import { type Expression, type Location, type Parsed, parseExpression, STATUS_FUNCTIONS } from './expression';

/** A condition as GitHub will read it. */
export type Condition =
  | { readonly expression: Expression; readonly statusGiven: boolean }
  /** Text around an expression makes a text of it, and a text that is not empty is true. */
  | { readonly alwaysTrue: string }
  | { readonly fault: string };

/**
 * Reads the text of an `if`. Only an expression that is the whole text, to the last line break, is
 * evaluated; anything around it turns it into text.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idif
 */
export function readCondition(text: string, location: Location): Condition {
  const parsed = parsedCondition(text, location);
  if (typeof parsed === 'string') return { alwaysTrue: parsed };
  if ('fault' in parsed) return parsed;
  return { expression: parsed, statusGiven: STATUS_FUNCTIONS.some((name) => parsed.calls.has(name)) };
}

function parsedCondition(text: string, location: Location): Parsed | string {
  if (!text.includes('${{')) return parseExpression(text.trim() === '' ? 'success()' : text, location);
  const whole = /^\$\{\{((?:(?!\}\})[\s\S])*)\}\}$/.exec(text)?.[1];
  return whole === undefined ? text : parseExpression(whole.trim(), location);
}
