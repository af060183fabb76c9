import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { generatedIds, generatedPlatform } from './generated-platform';

const ROOT = join(__dirname, '..');
/** Not needed to generate or to synthesize, or made by somebody else meanwhile. */
const LEFT_OUT = new Set(['.git', '.conformance', '.jest', 'cdk.out', 'coverage', 'node_modules', 'test']);

/** A service of the repository; generated workloads borrow its sources. */
const SAMPLE_SOURCE = 'kvs-infer';

/** A copy of the repository in which generated files may be deleted and written. */
export interface Workspace {
  readonly folder: string;
  /** Where the command of this name writes its cloud assembly. */
  assembly(command: string): string;
  /** Deletes what `npx projen` writes for workloads, so that each run writes all of it. */
  deleteGenerated(): void;
  dispose(): void;
}

/**
 * Makes a copy of the repository for as long as the work takes. It is deleted when the process is ended
 * from outside, too.
 *
 * @param workloads of a generated platform, in place of the repository's own `platform.config.ts`
 */
export async function inWorkspace<T>(
  workloads: number | undefined,
  work: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const workspace = copyRepository(workloads);
  const remove = () => workspace.dispose();
  process.once('exit', remove);
  try {
    return await work(workspace);
  } finally {
    process.removeListener('exit', remove);
    workspace.dispose();
  }
}

function copyRepository(workloads: number | undefined): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  cpSync(ROOT, folder, {
    recursive: true,
    filter: (source) => !LEFT_OUT.has(relative(ROOT, source)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'), 'dir');
  if (workloads !== undefined) {
    rmSync(join(folder, 'platform.config.ts'));
    writeFileSync(join(folder, 'platform.config.ts'), generatedPlatform(workloads));
    // The platform file is refused when what it names is missing.
    for (const id of generatedIds(workloads)) symlinkSync(SAMPLE_SOURCE, join(folder, 'services', id), 'dir');
  }
  const remove = (path: string): void => rmSync(path, { recursive: true, force: true });
  return {
    folder,
    assembly: (command) => join(folder, 'cdk.out', command.replaceAll(/[^a-z]+/g, '-')),
    deleteGenerated: () => {
      for (const path of ['.github/workflows', '.lockstep', 'k8s']) remove(join(folder, path));
    },
    dispose: () => remove(folder),
  };
}
