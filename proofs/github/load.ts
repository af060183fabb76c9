import Module, { createRequire } from 'node:module';
import type * as Expressions from '@actions/expressions';
import type * as WorkflowParser from '@actions/workflow-parser';
import { buildSync } from 'esbuild';

/**
 * GitHub's own packages. They are ES modules that import JSON in a way that Node refuses, so each is
 * bundled in memory once per process.
 *
 * @see https://github.com/actions/languageservices
 */
export const githubExpressions = (): typeof Expressions => load<typeof Expressions>('@actions/expressions');

/** @see https://github.com/actions/languageservices/tree/main/workflow-parser */
export const githubWorkflowParser = (): typeof WorkflowParser =>
  load<typeof WorkflowParser>('@actions/workflow-parser');

/** What Node's module does when it loads a file; `@types/node` leaves it out. */
interface Compiles {
  _compile(code: string, file: string): void;
}

const loaded = new Map<string, unknown>();

function load<Exports>(name: string): Exports {
  const known = loaded.get(name);
  if (known !== undefined) return known as Exports;
  const { outputFiles } = buildSync({
    stdin: { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir: __dirname },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    // The packages offer themselves under `import` only.
    conditions: ['import'],
    write: false,
    logLevel: 'silent',
  });
  const file = `${__dirname}/${name.replace('/', '-')}.cjs`;
  const made = new Module(file) as Module & Compiles;
  made.require = createRequire(file);
  made._compile(outputFiles[0]?.text ?? '', file);
  loaded.set(name, made.exports);
  return made.exports as Exports;
}
