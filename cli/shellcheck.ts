import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { z } from 'zod';
import type { FileFinding, Judge } from './judge';
import { bashScripts, type Script } from './scripts';

const commentsSchema = z.object({
  comments: z.array(z.object({ line: z.number(), code: z.number(), message: z.string() })),
});

/**
 * What a script alone cannot show: files of the runner (1091), variables of the job (2153, 2154), and values
 * that are constant only because an expression stood there (2043, 2050, 2157, 2194).
 *
 * @see https://github.com/rhysd/actionlint/blob/main/docs/checks.md#check-shellcheck-integ
 */
const EXCLUDED = 'SC1091,SC2043,SC2050,SC2153,SC2154,SC2157,SC2194';

/** GitHub runs bash with it, so that a command that fails ends the script. */
const PREAMBLE = 'set -e\n';

/**
 * Shellcheck, where it is installed, at the lines of the scripts.
 *
 * @param env environment of its process; `PATH` says where it is looked for. @default that of this process
 * @see https://github.com/koalaman/shellcheck/blob/master/shellcheck.1.md
 */
export function shellcheckJudge(env?: NodeJS.ProcessEnv): Judge {
  const run: Shellcheck = (arguments_, input = '') =>
    spawnSync('shellcheck', arguments_, { input, encoding: 'utf8', ...(env && { env }) });
  return {
    name: 'shellcheck',
    installed: () => run(['--version']).status === 0,
    judge: async (workflows) =>
      workflows.map(({ text }) => bashScripts(text).flatMap((script) => findingsOf(script, run))),
  };
}

type Shellcheck = (arguments_: readonly string[], input?: string) => SpawnSyncReturns<string>;

function findingsOf(script: Script, run: Shellcheck): readonly FileFinding[] {
  // Expressions are no shell; GitHub puts a value in their place.
  const text = script.text.replaceAll(/\$\{\{[\s\S]*?\}\}/g, 'expression');
  const { status, stdout, stderr } = run(
    ['--shell=bash', '--format=json1', `--exclude=${EXCLUDED}`, '-'],
    PREAMBLE + text,
  );
  const answer = commentsSchema.safeParse(parsed(stdout));
  if (!answer.success) {
    return [
      {
        line: script.lineInFile(1),
        code: 'shellcheck',
        message: `${script.step}: no verdict, exit code ${String(status)} ${stderr.trim()}`.trim(),
        change: 'install shellcheck 0.7.0 or later, the first with the format json1',
      },
    ];
  }
  return answer.data.comments.map(({ line, code, message }) => ({
    line: script.lineInFile(Math.max(1, line - 1)),
    code: `SC${code}`,
    message: `${script.step}: ${message}`,
    change: `see https://www.shellcheck.net/wiki/SC${code}`,
  }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
