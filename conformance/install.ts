import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { lastWords, runCommand } from './command';

const distributions = z.record(z.string(), z.string().regex(/^[0-9][0-9A-Za-z.]*$/));

const toolsSchema = z.strictObject({
  /** Distribution → exact version, all in one environment. */
  python: distributions,
  /** As `python`, in an environment of its own: checkov and the AWS CLI agree on few versions. */
  aws: distributions,
  /** Command → Go package and version. */
  go: z.record(
    z.string(),
    z.strictObject({ package: z.string(), version: z.string().regex(/^v[0-9][0-9A-Za-z.-]*$/) }),
  ),
});

/** Where each part was installed, or why it could not be had. */
export type Installed =
  | { readonly directory: string; readonly reused: boolean }
  | { readonly directory: undefined; readonly reason: string };

/**
 * `python` holds the judges of PyPI, `aws` the AWS CLI, `service:<name>` what the tests of a sample service need; the
 * rest are Go commands.
 */
export type PartName = 'python' | 'aws' | `service:${string}` | GoCommand;

const GO_COMMANDS = ['actionlint', 'act', 'kube-score', 'staticcheck'] as const;
type GoCommand = (typeof GO_COMMANDS)[number];

export type Parts = (name: PartName) => Installed;

interface Part {
  /** All that decides what gets installed; a change of it means a new install. */
  readonly pins: string;
  readonly steps: (directory: string) => readonly (readonly [program: string, ...args: string[]])[];
  readonly env?: (directory: string) => Readonly<Record<string, string>>;
}

/** A part is given up after this time and reported as skipped. */
const STEP_SECONDS = 600;

/** The sample services name their own Python, so their tests run on the same. */
const SERVICE_PYTHON = 'python3.11';

/**
 * Installs the pinned judges under `<root>/.conformance`, once per set of pins. What cannot be had
 * (no Python, no Go, no network) is a reason, not an error.
 */
export async function installParts(root: string): Promise<Parts> {
  const parts: readonly (readonly [PartName, Part])[] = [
    ['python', pythonPart(root, 'python', 'conformance/constraints.txt')],
    ['aws', pythonPart(root, 'aws', 'conformance/constraints-aws.txt')],
    ...pythonServices(root).map((name) => [`service:${name}`, servicePart(root, name)] as const),
    ...nodeServices(root).map((name) => [`service:${name}`, nodePart(root, name)] as const),
    ...GO_COMMANDS.map((command) => [command, goPart(root, command)] as const),
  ];
  const installed = new Map<PartName, Installed>();
  for (const [name, part] of parts) installed.set(name, await install(root, name, part));
  return (name) => installed.get(name) ?? { directory: undefined, reason: `there is no part ${name}` };
}

/** Sample services in Python, by the names of their folders. */
export const pythonServices = (root: string): readonly string[] => servicesWith(root, 'requirements-dev.txt');

/** Sample services on Node.js, by the names of their folders. */
export const nodeServices = (root: string): readonly string[] => servicesWith(root, 'package.json');

const servicesWith = (root: string, file: string): readonly string[] =>
  readdirSync(join(root, 'services'))
    .filter((name) => existsSync(join(root, 'services', name, file)))
    .sort();

async function install(root: string, name: PartName, part: Part): Promise<Installed> {
  const key = createHash('sha256')
    .update(`${process.platform} ${process.arch}\n${part.pins}`)
    .digest('hex')
    .slice(0, 12);
  const directory = join(root, '.conformance', `${name.replace(':', '-')}-${key}`);
  // Written last, so that an install that was cut off is not taken for a whole one.
  const stamp = join(directory, '.complete');
  if (existsSync(stamp)) return { directory, reused: true };
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const [program, ...args] of part.steps(directory)) {
    const env = part.env?.(directory);
    const outcome = await runCommand(program, args, {
      cwd: root,
      timeoutSeconds: STEP_SECONDS,
      ...(env ? { env } : {}),
    });
    if (outcome.code !== 0) {
      return { directory: undefined, reason: `${program} ${args[0] ?? ''}: ${lastWords(outcome)}` };
    }
  }
  writeFileSync(stamp, part.pins);
  return { directory, reused: false };
}

function readTools(root: string): z.infer<typeof toolsSchema> {
  return toolsSchema.parse(JSON.parse(readFileSync(join(root, 'conformance/tools.json'), 'utf8')));
}

function pythonPart(root: string, group: 'python' | 'aws', constraintsFile: string): Part {
  const constraints = join(root, constraintsFile);
  const requirements = Object.entries(readTools(root)[group]).map(([name, version]) => `${name}==${version}`);
  return {
    pins: `${requirements.join('\n')}\n${readFileSync(constraints, 'utf8')}`,
    steps: (directory) => [
      ['python3', '-m', 'venv', directory],
      [
        join(directory, 'bin/python'),
        '-m',
        'pip',
        'install',
        '--quiet',
        '--constraint',
        constraints,
        ...requirements,
      ],
    ],
  };
}

function servicePart(root: string, name: string): Part {
  const requirements = join(root, 'services', name, 'requirements-dev.txt');
  return {
    pins: readFileSync(requirements, 'utf8'),
    steps: (directory) => [
      [SERVICE_PYTHON, '-m', 'venv', directory],
      [
        join(directory, 'bin/python'),
        '-m',
        'pip',
        'install',
        '--quiet',
        '--require-hashes',
        '--requirement',
        requirements,
      ],
    ],
  };
}

/** Files that npm reads; the folder has no sources. */
const NPM_FILES = ['package.json', 'package-lock.json', '.npmrc'] as const;

function nodePart(root: string, name: string): Part {
  const service = join(root, 'services', name);
  return {
    pins: NPM_FILES.map((file) => readFileSync(join(service, file), 'utf8')).join('\n'),
    steps: (directory) => {
      for (const file of NPM_FILES) copyFileSync(join(service, file), join(directory, file));
      return [['npm', 'ci', '--ignore-scripts', '--prefix', directory]];
    },
  };
}

function goPart(root: string, command: GoCommand): Part {
  const tool = readTools(root).go[command];
  if (!tool) throw new Error(`conformance/tools.json has no Go command ${command}`);
  const target = `${tool.package}@${tool.version}`;
  return {
    pins: target,
    steps: () => [['go', 'install', target]],
    env: (directory) => ({ GOBIN: join(directory, 'bin'), GOFLAGS: '-trimpath' }),
  };
}
