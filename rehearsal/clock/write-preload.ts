import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

let bundled: string | undefined;

/**
 * Writes the file that makes time virtual in a Node.js process, and holds it to loopback.
 *
 * @param folder is made
 * @returns path of the file, for `NODE_OPTIONS=--require=…`
 */
export function writeClockPreload(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'virtual-time.cjs');
  bundled ??= bundle();
  writeFileSync(file, bundled);
  return file;
}

function bundle(): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, 'preload', 'index.ts')],
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    write: false,
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}
