import type { Step } from '../artefacts';
import { programsOf } from '../calls/programs';
import { parseScript } from '../calls/shell';

/** The one form in which a script may write a tag: a repository, and the first characters of the commit. */
const WRITES =
  /^\s*echo\s+"([\w-]+)=([\w./-]+|\$\w+|\$\{\w+\}):sha-\$\{GITHUB_SHA:0?:(\d+)\}"\s*>>\s*"?\$\{?GITHUB_OUTPUT\}?"?\s*$/;
/** Characters of a commit below which two commits may have the same. */
const SHORTEST = 12;

/**
 * Whether a script writes a tag of the commit of the run and nothing else.
 *
 * @param output which it writes to GITHUB_OUTPUT
 * @param repository that the tag belongs to
 */
export function commitTags({ run = '', env }: Step, output: string, repository: string): boolean {
  const strangers = programsOf(run).filter(({ text }) => !text.startsWith('echo '));
  const sets = parseScript(run).commands.some(({ assignments }) => assignments.length > 0);
  const forms = run
    .split('\n')
    .filter((line) => line.includes('GITHUB_OUTPUT'))
    .map((line) => WRITES.exec(line));
  return (
    strangers.length === 0 &&
    !sets &&
    forms.length > 0 &&
    forms.every((form) => {
      const [, name, written = '', length] = form ?? [];
      const variable = /^\$\{?(\w+)\}?$/.exec(written)?.[1];
      const named = variable === undefined ? written : env[variable];
      return name === output && named === repository && Number(length) >= SHORTEST;
    })
  );
}
