import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { actionlint as lint } from '../../cli/actionlint';

/**
 * Judges from outside, each in a process of its own: one brings its own globals for WebAssembly, the other
 * has to be bundled first because it imports JSON without an import attribute.
 */
const ROOT = join(__dirname, '../..');

/** What actionlint says about each text, a line each. */
export const actionlint = (texts: readonly string[]): readonly (readonly string[])[] =>
  lint(texts).map((messages) => messages.map(({ line, message }) => `${line}: ${message}`));

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
