import { readFile } from 'node:fs/promises';
import { encodeManifest, MANIFEST_PATH, type DeployManifest } from '../../contract';
import { readEnvironment } from '../../runtime/environment';
import { run } from '../../runtime/program';
import {
  ACCOUNT,
  image,
  REGION,
  REPOSITORY,
  specOf,
  targetOf,
  type World,
} from '../constructs/ecs-service/runtime/world';
import { manifest as sampleManifest } from '../fixtures/manifest';

/** The sample manifest with the target and the image repository of the world. */
export function manifest(changes: Partial<DeployManifest> = {}): DeployManifest {
  const sample = sampleManifest();
  const repository = { name: 'kvs-infer', uri: REPOSITORY, account: ACCOUNT, region: REGION };
  return {
    ...sample,
    images: sample.images.map((entry) => ({ ...entry, repository })),
    targets: [targetOf(specOf())],
    ...changes,
  };
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Text of the manifest; `null` when there is no such file. */
  readonly manifest?: string | null;
  /** Other files, by their path. */
  readonly files?: Readonly<Record<string, string>>;
  /** Seconds of virtual time after which the signal comes. */
  readonly signal?: { readonly name: 'SIGINT' | 'SIGTERM'; readonly after: number };
  /** File that nothing can be appended to. */
  readonly fullDisk?: string;
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly output: string;
  readonly summary: string;
  /** Everything that was written, by its path. */
  readonly files: ReadonlyMap<string, string>;
}

/** What the program runs against. */
export type Surroundings = Pick<World, 'clock' | 'connection'>;

/** Runs the program in this process, against the stand-in and its clock. */
export async function runCommand(
  world: Surroundings,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  const text = { stdout: '', stderr: '' };
  const files = new Map<string, string>();
  const stop = new AbortController();
  const { signal } = options;
  if (signal) world.clock.in(signal.after, () => stop.abort(signal.name));
  const code = await run(argv, {
    environment: readEnvironment({
      GITHUB_OUTPUT: '/output',
      GITHUB_STEP_SUMMARY: '/summary',
      ...options.env,
    }),
    clock: world.clock,
    stdout: { write: (chunk) => (text.stdout += chunk) },
    stderr: { write: (chunk) => (text.stderr += chunk) },
    signal: stop.signal,
    readFile: (path) => {
      const file = options.files?.[path];
      if (file !== undefined) return Promise.resolve(file);
      if (path !== MANIFEST_PATH || options.manifest === null) return Promise.reject(new Error(`no ${path}`));
      return Promise.resolve(options.manifest ?? encodeManifest(manifest()));
    },
    readBytes: (path) => readFile(path),
    appendFile: (path, added) => {
      if (path === options.fullDisk) return Promise.reject(new Error('no space left'));
      files.set(path, `${files.get(path) ?? ''}${added}`);
      return Promise.resolve();
    },
    writeFile: (path, content) => {
      if (path === options.fullDisk) return Promise.reject(new Error('no space left'));
      files.set(path, content);
      return Promise.resolve();
    },
    listFiles: (folder) => {
      const paths = Object.keys(options.files ?? {}).filter((path) => path.startsWith(`${folder}/`));
      if (paths.length === 0) return Promise.reject(new Error(`no ${folder}`));
      return Promise.resolve(paths.map((path) => path.slice(folder.length + 1)).sort());
    },
    connection: world.connection,
  });
  const [output = '', summary = ''] = ['/output', '/summary'].map((path) => files.get(path));
  return { code, ...text, output, summary, files };
}

/** Step outputs as the runner reads them. */
export function outputsOf(file: string): Readonly<Record<string, string>> {
  const lines = file.split('\n');
  const found: Record<string, string> = {};
  for (let index = 0; index < lines.length; index += 1) {
    const [name, delimiter] = (lines[index] ?? '').split('<<');
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, index + 1);
    found[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return found;
}

export const deployArgs = (digit: string): readonly string[] => [
  'deploy',
  'kvs-infer',
  '--environment',
  'production',
  '--image',
  image(digit).toString(),
];
