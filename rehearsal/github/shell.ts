import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How a script is run. Without a shell GitHub leaves out `pipefail`.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail'],
  sh: ['sh', '-e'],
};

const UNSPECIFIED: readonly string[] = ['bash', '-e'];

export const SHELLS: readonly string[] = Object.keys(ARGUMENTS);

/** Writes the script to a file, and says how it is run. */
export function scriptOf(
  script: string,
  shell: string | undefined,
  folder: string,
  number: number,
): readonly [program: string, ...string[]] {
  const file = join(folder, `step-${number}.sh`);
  writeFileSync(file, script.endsWith('\n') ? script : `${script}\n`);
  const [program = 'bash', ...rest] = (shell === undefined ? undefined : ARGUMENTS[shell]) ?? UNSPECIFIED;
  return [program, ...rest, file];
}
