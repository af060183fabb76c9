/** A piece of a word of bash, as far as it can be told without running it. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  /** A substitution, or an expression of GitHub Actions. */
  | { readonly kind: 'unknown'; readonly text: string };

export interface Word {
  readonly parts: readonly Part[];
  /** From `${NAME:+words}`: only there when the variable is not empty. */
  readonly optional: boolean;
}

/** One simple command: `NAME=value program argument …`. */
export interface ShellCommand {
  readonly assignments: readonly { readonly name: string; readonly value: Word }[];
  readonly words: readonly Word[];
}

export interface Script {
  /** In the order of the text; those of a substitution stand before the command that holds it. */
  readonly commands: readonly ShellCommand[];
  /** Functions that the script defines itself. */
  readonly functions: readonly string[];
}

/** Text of the word with its variables filled in; `undefined` when that cannot be told. */
export function wordText({ parts }: Word, environment: Readonly<Record<string, string>>): string | undefined {
  const texts = parts.map((part) => {
    if (part.kind === 'text') return part.text;
    return part.kind === 'variable' ? environment[part.name] : undefined;
  });
  return texts.includes(undefined) ? undefined : texts.join('');
}

/** The word as a reader would recognise it. */
export function showWord({ parts }: Word): string {
  return parts.map((part) => (part.kind === 'variable' ? `$${part.name}` : part.text)).join('');
}

const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)\+?=/;

/** `NAME=value` before a program. */
export function assignmentOf({ parts }: Word): ShellCommand['assignments'][number] | undefined {
  const [first, ...others] = parts;
  const match = first?.kind === 'text' ? ASSIGNMENT.exec(first.text) : null;
  if (!match?.[1] || first?.kind !== 'text') return undefined;
  const value = merged([{ kind: 'text', text: first.text.slice(match[0].length) }, ...others]);
  return { name: match[1], value: { parts: value, optional: false } };
}

/** Neighbouring texts become one. */
export function merged(parts: readonly Part[]): readonly Part[] {
  return parts.reduce<Part[]>((done, part) => {
    const last = done.at(-1);
    if (part.kind !== 'text' || last?.kind !== 'text') return [...done, part];
    return [...done.slice(0, -1), { kind: 'text', text: last.text + part.text }];
  }, []);
}
