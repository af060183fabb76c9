/**
 * What a script writes to the outputs of its step and which variables it reads. Only plain forms are
 * read; anything else is said to be unreadable, and is never taken for what was hoped.
 */

const OUTPUT_FILE = /"?\$\{?GITHUB_OUTPUT\}?"?/;
const WRITTEN = /^\s*(?:echo|printf)\s+(?:-e\s+)?["']?([A-Za-z_][\w-]*)(?:=|<<)/;

/**
 * Names of the outputs that a script writes by `echo "name=value" >> "$GITHUB_OUTPUT"`, alone or in a
 * group `{ …; } >> "$GITHUB_OUTPUT"`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#setting-an-output-parameter
 */
export function outputsOfScript(script: string): {
  readonly names: readonly string[];
  /** Lines that write outputs in a way that cannot be read. */
  readonly unread: readonly string[];
} {
  const names = new Set<string>();
  const unread: string[] = [];
  let group: string[] | undefined;
  for (const line of script.split(/\n|;(?=\s)/)) {
    const trimmed = line.trim();
    if (trimmed === '{') group = [];
    const toFile = OUTPUT_FILE.test(line);
    if (toFile && trimmed.startsWith('}')) for (const name of group ?? []) names.add(name);
    if (trimmed.startsWith('}')) group = undefined;
    const name = WRITTEN.exec(trimmed.replace(/^\{\s*/, ''))?.[1];
    if (name !== undefined && toFile) names.add(name);
    else if (name !== undefined) group?.push(name);
    else if (toFile && !trimmed.startsWith('}')) unread.push(trimmed);
  }
  return { names: [...names], unread };
}

/** Variables that the runner, AWS's sign-in or the shell itself provide. */
const AMBIENT =
  /^(?:GITHUB_\w+|RUNNER_\w+|ACTIONS_\w+|AWS_\w+|BASH\w*|HOME|PATH|PWD|OLDPWD|USER|SHELL|CI|TMPDIR|LANG|IFS|RANDOM|SECONDS|HOSTNAME|EUID|UID|OSTYPE|PIPESTATUS|FUNCNAME|LINENO|_)$/;

/** Names that a script reads as `$NAME` or `${NAME…}` without setting them, and without a value to fall back on. */
export function variablesOfScript(script: string): readonly string[] {
  const text = withoutLiterals(script);
  const set = new Set(
    [
      ...text.matchAll(/(?:^|[\s;({&|])([A-Za-z_]\w*)\+?=/g),
      ...text.matchAll(/\bfor\s+([A-Za-z_]\w*)\b/g),
      ...text.matchAll(/\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)/g),
      ...text.matchAll(/\b(?:mapfile|readarray)\s+(?:-\w+\s+)*([A-Za-z_]\w*)/g),
    ].map(([, name = '']) => name),
  );
  const read = [...text.matchAll(/\$(?:([A-Za-z_]\w*)|\{[#!]?([A-Za-z_]\w*)(:?[-=])?)/g)]
    .filter(([, , , fallback]) => fallback === undefined)
    .map(([, plain, braced]) => plain ?? braced ?? '');
  return [...new Set(read)].filter((name) => !set.has(name) && !AMBIENT.test(name));
}

/** Whether a script names a variable in any way, with or without a value to fall back on. */
export const namesVariable = (script: string, name: string): boolean =>
  new RegExp(`\\$(?:${name}\\b|\\{[#!]?${name}\\b)`).test(withoutLiterals(script)) ||
  new RegExp(`\\b(?:printenv|env\\.|environ\\[['"]|process\\.env\\.)\\s*${name}\\b`).test(script);

/** The script without what stands in single quotes and in comments, where no variable is read. */
const withoutLiterals = (script: string): string =>
  script.replace(/"(?:\\[\s\S]|[^"\\])*"|'[^']*'|(^|\s)#[^\n]*/g, (part) =>
    part.startsWith('"') ? part : ' ',
  );
