import { build, type Metafile } from 'esbuild';

/** The command that emitted workflows run: one file that needs no install. */
export const COMMAND_FILE = '.lockstep/cli.mjs';

const HEAD = [
  '#!/usr/bin/env node',
  '// Written by `npx projen` from runtime/ and constructs/*/runtime/. Change those and run it again.',
  '// It stands in the repository so that a rollback works when the package registry does not.',
  // Packages inside the bundle that are CommonJS call require().
  "import { createRequire as bundledRequire } from 'node:module';",
  'const require = bundledRequire(import.meta.url);',
].join('\n');

/** The text of the command, and the metafile that tells what is inside. */
export interface Bundle {
  readonly text: string;
  readonly metafile: Metafile;
}

/** Bundles the pipeline command of the repository. */
export async function bundleCommand(root: string): Promise<Bundle> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['runtime/main.ts'],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    outfile: COMMAND_FILE,
    banner: { js: HEAD },
    // Readable, so that a pull request shows what changed.
    minify: false,
    charset: 'utf8',
    legalComments: 'eof',
    logLevel: 'silent',
  });
  const [file] = result.outputFiles;
  if (!file) throw new Error('esbuild wrote no file');
  return { text: file.text, metafile: result.metafile };
}

/** Starts bundling and returns once the bundler has its orders, so that other work can go on beside it. */
export async function startBundling(root: string): Promise<{ readonly result: Promise<Bundle> }> {
  const result = bundleCommand(root);
  await new Promise((resolve) => setImmediate(resolve));
  return { result };
}
