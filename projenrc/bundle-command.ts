import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Metafile, type Plugin } from 'esbuild';

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

/** The same in both passes. */
const COMMON = {
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  // Readable, so that a pull request shows what changed.
  minify: false,
  charset: 'utf8',
  legalComments: 'eof',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Bundles the pipeline command of the repository, in two passes: esbuild leaves out what nobody uses of a
 * package only where it may split, and one file is what a workflow can run.
 */
export async function bundleCommand(root: string): Promise<Bundle> {
  const split = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: { main: 'runtime/main.ts' },
    splitting: true,
    outdir: PARTS,
    // Modules of ECMAScript tell which of their exports are used; the main file of most packages does not.
    mainFields: ['module', 'main'],
    plugins: [literalKeys],
  });
  const parts = partsOf(split, root);
  const joined = await build({
    ...COMMON,
    absWorkingDir: root,
    entryPoints: [join(root, PARTS, 'main.js')],
    outfile: COMMAND_FILE,
    banner: { js: HEAD },
    plugins: [readParts(parts)],
  });
  const [file] = joined.outputFiles;
  if (!file) throw new Error('esbuild wrote no file');
  return { text: file.text, metafile: { inputs: split.metafile.inputs, outputs: joined.metafile.outputs } };
}

/**
 * Writes the keys of the SDK's schemas out: esbuild keeps every schema with a computed key, used or not, and those of EC2
 * alone are more than a megabyte.
 */
const literalKeys: Plugin = {
  name: 'literal-keys',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]client-[a-z0-9-]+[\\/]dist-es[\\/]schemas[\\/].*\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const constants = new Map(
        [...text.matchAll(/^const (_\w+) = ("[^"]*");$/gm)].map(([, name, value]) => [name, value] as const),
      );
      const contents = text.replaceAll(/\[(_\w+)\]:/g, (key: string, name: string) => {
        const literal = constants.get(name);
        return literal === undefined ? key : `${literal}:`;
      });
      return { contents, loader: 'js' };
    });
  },
};

/** Folder that the parts would stand in. Nothing is ever written there. */
const PARTS = '.lockstep/parts';

interface Part {
  /** A source that is in no other part. The name that esbuild gives would be another one after each change. */
  readonly name: string;
  readonly text: string;
}

/** Parts by their absolute path. */
function partsOf(
  { outputFiles, metafile }: BuildResult<typeof COMMON>,
  root: string,
): ReadonlyMap<string, Part> {
  return new Map(
    outputFiles.map(({ path, text }) => {
      const inputs = Object.keys(metafile.outputs[relative(root, path)]?.inputs ?? {});
      return [path, { name: inputs.sort()[0] ?? relative(root, path), text }] as const;
    }),
  );
}

/** Lets esbuild read parts from memory. */
function readParts(parts: ReadonlyMap<string, Part>): Plugin {
  const byName = new Map([...parts].map(([path, { name, text }]) => [name, { path, text }]));
  return {
    name: 'parts',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^[./]/ }, ({ path, pluginData }) => {
        const part = parts.get(isAbsolute(path) ? path : join(String(pluginData), path));
        return part && { path: part.name, namespace: 'part' };
      });
      onLoad({ filter: /./, namespace: 'part' }, ({ path }) => {
        const part = byName.get(path);
        return part && { contents: part.text, pluginData: dirname(part.path) };
      });
    },
  };
}

/** Starts bundling and returns once the bundler has its orders, so that other work can go on beside it. */
export async function startBundling(root: string): Promise<{ readonly result: Promise<Bundle> }> {
  const result = bundleCommand(root);
  await new Promise((resolve) => setImmediate(resolve));
  return { result };
}
