import type { Step } from '../artefacts';
import { programsOf } from '../calls/programs';
import { parseScript } from '../calls/shell';
import { showWord } from '../calls/shell-word';

/** A value that is one of some variables and nothing else: `$A`, `${A}`, `${A:-$B}`. */
const CHOICE = /^\$(?:(\w+)|\{(\w+)(?::?-\$\{?(\w+)\}?)?\})$/;
/** Programs that say something or end the script, and change no variable. */
const SAYS: ReadonlySet<string> = new Set(['echo', 'exit', 'test', '[', 'true', 'false']);
/** The one form in which such a script may write an output. */
const WRITES = /^\s*echo\s+"?([\w-]+)=([^\s"]*)"?\s*>>\s*"?\$\{?GITHUB_OUTPUT\}?"?\s*$/;

/**
 * Whether a script hands a digest on as it got it. It may choose between variables and refuse what is no
 * digest; it may not make one.
 *
 * @param output which the script writes to GITHUB_OUTPUT
 * @param isDigest whether the text of a variable is a digest of the build
 * @returns why not, or undefined
 */
export function digestScriptFault(
  { run = '', env }: Step,
  output: string,
  isDigest: (text: string) => boolean,
): string | undefined {
  const stranger = programsOf(run).find(({ text }) => !SAYS.has(text.split(/\s/)[0] ?? ''));
  if (stranger) return `the script runs \`${stranger.text}\``;
  const writes = run.split('\n').filter((line) => line.includes('GITHUB_OUTPUT'));
  const forms = writes.map((line) => WRITES.exec(line));
  const odd = writes.find((_, index) => !forms[index]);
  if (odd !== undefined) return `the script writes an output by \`${odd.trim()}\``;
  const values = forms.flatMap((form) => (form?.[1] === output ? [form[2] ?? ''] : []));
  if (values.length === 0) return `the script does not write ${output}`;
  const assignments = parseScript(run).commands.flatMap((command) => command.assignments);
  const sources = values.flatMap((text) =>
    sourcesOf(text).flatMap((name) => {
      const given = assignments.filter((one) => one.name === name).map(({ value }) => showWord(value));
      // A variable that is made of another one of the script is not followed further.
      return given.length === 0 ? [name] : given.flatMap(sourcesOf);
    }),
  );
  const wrong = sources.find((name) => !isDigest(env[name] ?? ''));
  return wrong === undefined ? undefined : `the script writes ${env[wrong] ?? wrong}`;
}

/** Names of the variables that a value may come from; the text itself where it is made of anything else. */
function sourcesOf(text: string): readonly string[] {
  const [, plain, braced, fallback] = CHOICE.exec(text) ?? [];
  const names = [plain ?? braced, fallback].filter((name) => name !== undefined);
  return names.length === 0 ? [text] : names;
}
