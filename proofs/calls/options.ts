import { showWord, type Word, wordText } from './shell-word';

/** Words behind a program, sorted into options and the rest. */
export interface Options {
  /** Arguments that are no option; `undefined` for one that cannot be told. */
  readonly positional: readonly (string | undefined)[];
  /** Names of the options, in the order of the words. */
  readonly flags: readonly string[];
  /** Those of them that may be left out, from `${NAME:+--flag}`. */
  readonly optional: readonly string[];
  /** First value of an option; `undefined` when it is not there or cannot be told. */
  readonly value: (flag: string) => string | undefined;
  /** All values of an option, with what GitHub fills in left as it is written. */
  readonly writtenValues: (flag: string) => readonly (string | undefined)[];
  /** All values of an option, up to the next option. */
  readonly values: (flag: string) => readonly (string | undefined)[];
}

/**
 * @param environment variables that a word may name, with their values
 * @param takesValue names of the options that have a value
 */
export function readOptions(
  words: readonly Word[],
  environment: Readonly<Record<string, string>>,
  takesValue: ReadonlySet<string> | 'all',
): Options {
  const positional: (string | undefined)[] = [];
  const found: {
    readonly flag: string;
    readonly optional: boolean;
    readonly values: (string | undefined)[];
  }[] = [];
  for (const word of words) {
    const text = wordText(word, environment);
    const last = found.at(-1);
    const open = last && (takesValue === 'all' || (takesValue.has(last.flag) && last.values.length === 0));
    // A word that is not known may still begin as an option.
    const [flag = '', value] =
      /^(--?[A-Za-z][\w-]*)(?:=([\s\S]*))?$/.exec(text ?? showWord(word))?.slice(1) ?? [];
    if (flag !== '' && word.parts.length > 0) {
      found.push({
        flag,
        optional: word.optional,
        values: value === undefined ? [] : [text === undefined ? undefined : value],
      });
    } else if (open) last.values.push(text);
    else positional.push(text);
  }
  const values = (flag: string) =>
    found.filter((option) => option.flag === flag).flatMap((option) => option.values);
  return {
    positional: positional.map(known),
    flags: found.map(({ flag }) => flag),
    optional: found.filter(({ optional }) => optional).map(({ flag }) => flag),
    value: (flag) => known(values(flag)[0]),
    writtenValues: values,
    values: (flag) => values(flag).map(known),
  };
}

/** A value that GitHub fills in when the job runs cannot be told from the file. */
const known = (text: string | undefined): string | undefined => (text?.includes('${{') ? undefined : text);
