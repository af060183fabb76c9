/** Wildcard `*`: any number of characters, none included, `:` and `/` too. */
export const ANY_TEXT = Symbol('*');
/** Wildcard `?`: exactly one character, whichever it is. */
export const ANY_CHARACTER = Symbol('?');

/** A part of a pattern: text to be found as it is, or a wildcard. */
export type GlobToken = string | typeof ANY_TEXT | typeof ANY_CHARACTER;

export type Glob = (value: string) => boolean;

const TEXT = -1;
const CHARACTER = -2;

/**
 * A matcher for whole strings, case-sensitive.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function compileGlob(tokens: readonly GlobToken[]): Glob {
  if (tokens.every((token) => typeof token === 'string')) {
    const text = tokens.join('');
    return (value) => value === text;
  }
  const [first, second] = tokens;
  if (first === ANY_TEXT && tokens.length === 1) return () => true;
  if (typeof first === 'string' && second === ANY_TEXT && tokens.length === 2) {
    return (value) => value.startsWith(first);
  }
  const pattern = tokens.flatMap((token) => {
    if (token === ANY_TEXT) return [TEXT];
    return token === ANY_CHARACTER ? [CHARACTER] : [...token].map(codeOf);
  });
  return (value) => matches(pattern, [...value].map(codeOf));
}

const codeOf = (character: string): number => character.codePointAt(0) ?? 0;

/** Greedy with one step back: after a mismatch, the last `*` takes one more character. */
function matches(pattern: readonly number[], value: readonly number[]): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  for (let index = 0; index < value.length;) {
    if (pattern[at] === TEXT) {
      star = at++;
      resume = index;
    } else if (at < pattern.length && (pattern[at] === CHARACTER || pattern[at] === value[index])) {
      at++;
      index++;
    } else if (star >= 0) {
      at = star + 1;
      index = ++resume;
    } else return false;
  }
  while (pattern[at] === TEXT) at++;
  return at === pattern.length;
}

/** Cuts a text at its wildcards. */
export function globTokens(text: string): readonly GlobToken[] {
  return text
    .split(/([*?])/)
    .filter((part) => part !== '')
    .map((part) => (part === '*' ? ANY_TEXT : part === '?' ? ANY_CHARACTER : part));
}

const cache = new Map<string, Glob>();

/** The matcher of a pattern without variables; each pattern is compiled once. */
export function glob(text: string): Glob {
  let compiled = cache.get(text);
  if (!compiled) cache.set(text, (compiled = compileGlob(globTokens(text))));
  return compiled;
}

/**
 * The matcher of an action pattern. Service prefix and action name ignore case.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html
 */
export function actionGlob(text: string): Glob {
  return glob(text.toLowerCase());
}
