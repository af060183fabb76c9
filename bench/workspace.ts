import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';

const ROOT = join(__dirname, '..');
/** Not needed to generate or to synthesize, or made by somebody else meanwhile. */
const LEFT_OUT = new Set(['.git', '.conformance', '.jest', 'cdk.out', 'coverage', 'node_modules', 'test']);

/** A copy of the repository in which generated files may be deleted and written. */
export interface Workspace {
  readonly folder: string;
  /** Where the command of this name writes its cloud assembly. */
  assembly(command: string): string;
  /** Deletes what `npx projen` writes for workloads, so that each run writes all of it. */
  deleteGenerated(): void;
  dispose(): void;
}

/** @param platformFile text of another `platform.config.ts`. @default - the repository's own */
export function copyRepository(platformFile?: string): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(relative(ROOT, source)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  if (platformFile !== undefined) {
    rmSync(join(folder, 'platform.config.ts'));
    writeFileSync(join(folder, 'platform.config.ts'), platformFile);
  }
  const remove = (path: string): void => rmSync(path, { recursive: true, force: true });
  return {
    folder,
    assembly: (command) => join(folder, 'cdk.out', command.replaceAll(/[^a-z]+/g, '-')),
    deleteGenerated: () => {
      for (const path of ['.github/workflows', '.lockstep']) remove(join(folder, path));
    },
    dispose: () => remove(folder),
  };
}
