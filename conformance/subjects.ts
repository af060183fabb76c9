import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { lastWords, runCommand } from './command';

/** What the judges read, as paths below `root`. */
export interface Subjects {
  readonly root: string;
  readonly workflows: readonly string[];
  readonly scripts: readonly string[];
  readonly dockerfiles: readonly string[];
  readonly templates: readonly string[];
  /** Folders with a `pyproject.toml`. */
  readonly pythonProjects: readonly string[];
  /** Folders of sample services with a `package.json`. */
  readonly nodeProjects: readonly string[];
  /** Folders with a `go.mod`. */
  readonly goModules: readonly string[];
  /** Folders with all the manifests of one cluster. */
  readonly clusters: readonly string[];
  /** Calls of the AWS CLI, with what the emulated AWS must answer. */
  readonly transcripts: readonly string[];
  /** Set when `cdk synth` was needed and failed: the templates' judges then fail with it. */
  readonly synthFailure?: string;
}

const SAMPLES = 'conformance/samples/';

/** The known-bad and known-good samples, and the judges' own files, must not be judged as if they were ours. */
const NOT_OURS: readonly string[] = [SAMPLES, '.conformance/'];

/** Finds what there is to judge in the repository; synthesizes when `cdk.out` is missing. */
export async function findSubjects(root: string): Promise<Subjects> {
  const synthFailure = await synthesize(root);
  const files = (await sourceFiles(root)).filter(
    (file) => !NOT_OURS.some((folder) => file.startsWith(folder)),
  );
  return {
    root,
    workflows: files.filter((file) => /^\.github\/workflows\/[^/]+\.ya?ml$/.test(file)),
    scripts: files.filter((file) => file.endsWith('.sh') || file === '.ci/run'),
    dockerfiles: files.filter((file) => /(^|\/)Dockerfile(\.[^/]+)?$/.test(file)),
    templates: listTemplates(root, 'cdk.out'),
    pythonProjects: files
      .filter((file) => /^services\/[^/]+\/pyproject\.toml$/.test(file))
      .map((file) => join(file, '..')),
    nodeProjects: files
      .filter((file) => /^services\/[^/]+\/package\.json$/.test(file))
      .map((file) => join(file, '..')),
    goModules: files.filter((file) => /^services\/.+\/go\.mod$/.test(file)).map((file) => join(file, '..')),
    clusters: [...new Set(files.flatMap((file) => /^k8s\/[^/]+\/[^/]+(?=\/.+\.yaml$)/.exec(file) ?? []))],
    transcripts: files.filter((file) => /^conformance\/aws-cli\/[^/]+\.json$/.test(file)),
    ...(synthFailure === undefined ? {} : { synthFailure }),
  };
}

/** The samples of one kind, for the self-test. */
export function sampleSubjects(root: string, kind: 'good' | 'bad'): Subjects {
  const place = join(SAMPLES, kind);
  return {
    root,
    workflows: [join(place, 'workflow/sample.yml')],
    scripts: [join(place, 'script/sample.sh')],
    dockerfiles: [join(place, 'image/Dockerfile')],
    templates: [join(place, 'template/sample.template.json')],
    pythonProjects: [join(place, 'python')],
    nodeProjects: [join(place, 'node')],
    goModules: [join(place, 'go')],
    clusters: [join(place, 'kubernetes')],
    transcripts: [join(place, 'aws-cli/calls.json')],
  };
}

/** Tracked files and new ones that git does not ignore. */
async function sourceFiles(root: string): Promise<readonly string[]> {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const outcome = await runCommand('git', args, { cwd: root });
  if (outcome.code !== 0) throw new Error(`git ls-files: ${lastWords(outcome)}`);
  return outcome.stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

async function synthesize(root: string): Promise<string | undefined> {
  if (!existsSync(join(root, 'cdk.json')) || listTemplates(root, 'cdk.out').length > 0) return undefined;
  const outcome = await runCommand('npx', ['cdk', 'synth', '--quiet'], { cwd: root, timeoutSeconds: 600 });
  return outcome.code === 0 ? undefined : `cdk synth failed: ${lastWords(outcome)}`;
}

/** Stacks of nested assemblies (stages) lie in folders of their own. */
function listTemplates(root: string, folder: string): readonly string[] {
  const place = join(root, folder);
  if (!existsSync(place)) return [];
  return readdirSync(place, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.template.json'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !file.split('/').some((part) => part.startsWith('asset.')))
    .sort();
}
