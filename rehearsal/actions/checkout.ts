import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import {
  checkOut,
  coneOf,
  type GitHistory,
  namedBy,
  type RepositorySnapshot,
  unsupportedPattern,
} from '../repository';
import { type ActionDefinition, notRehearsed } from './definition';
import type { Inputs } from './inputs';
import { permits } from './permissions';
import { refuseOutside } from './under-workspace';

const ACTION = 'actions/checkout';

/**
 * @param history makes a full checkout a Git repository. @default - there is none, and the log says so
 * @see https://github.com/actions/checkout#usage
 */
export function checkout(snapshot: RepositorySnapshot, history?: GitHistory): ActionDefinition {
  return {
    action: ACTION,
    limits:
      'Copies the files of this machine, whatever ref was asked for as long as it is that of the run. ' +
      'Only a full checkout is a Git repository, with one commit that is not that of the run. ' +
      'A sparse checkout without cone mode takes paths from the root, no wildcards.',
    seconds: 2,
    defaults: {
      'persist-credentials': 'true',
      clean: 'true',
      'sparse-checkout-cone-mode': 'true',
      'fetch-depth': '1',
      'fetch-tags': 'false',
      'show-progress': 'true',
      lfs: 'false',
      submodules: 'false',
      'set-safe-directory': 'true',
      'ssh-strict': 'true',
      'ssh-user': 'git',
    },
    supports: [
      ...['repository', 'ref', 'token', 'path', 'persist-credentials', 'clean', 'sparse-checkout'],
      'sparse-checkout-cone-mode',
      ...['fetch-depth', 'fetch-tags', 'show-progress', 'set-safe-directory', 'allow-unsafe-pr-checkout'],
    ],
    act: (step, inputs) => {
      refuseOtherCommits(step, inputs);
      const folder = folderOf(step, inputs);
      const sparse = inputs.lines('sparse-checkout');
      const includes = sparseBy(sparse, inputs.flag('sparse-checkout-cone-mode'));
      mkdirSync(folder, { recursive: true });
      if (inputs.flag('clean')) empty(folder);
      const written = checkOut(snapshot, folder, includes);
      step.log(`${written} files of ${step.run.sha}${includes ? ` under ${sparse.join(', ')}` : ''}`);
      if (!includes) layHistory(step, folder, history);
      if (inputs.flag('persist-credentials')) persistCredentials(step, folder);
      step.output('ref', inputs.text('ref') || step.run.ref);
      step.output('commit', step.run.sha);
    },
  };
}

/** Which paths are checked out. Undefined: all of them. */
function sparseBy(sparse: readonly string[], cone: boolean): ((path: string) => boolean) | undefined {
  if (sparse.length === 0) return undefined;
  if (cone) return coneOf(sparse);
  const pattern = unsupportedPattern(sparse);
  if (pattern !== undefined) throw notRehearsed(ACTION, `the pattern ${pattern} in "sparse-checkout"`);
  return namedBy(sparse);
}

/** The token of a job without `contents: read` sees no private repository. */
function refuseOtherCommits(step: ActionRun, inputs: Inputs): void {
  const { run } = step;
  const own = `${run.repository.owner}/${run.repository.name}`;
  const repository = inputs.text('repository') || own;
  if (repository.toLowerCase() !== own.toLowerCase())
    throw notRehearsed(ACTION, `the repository ${repository}`);
  if (!permits(step, 'contents', 'read')) {
    throw new ActionFailure(
      `fatal: repository 'https://github.com/${own}/' not found (the job has no \`contents: read\`)`,
    );
  }
  const ref = inputs.text('ref');
  const ofRun = ['', run.sha, run.ref, run.ref.replace(/^refs\/(heads|tags)\//, '')];
  if (!ofRun.includes(ref))
    throw notRehearsed(ACTION, `the ref ${ref}, which is not that of the run (${run.ref})`);
}

function folderOf({ workspace }: ActionRun, inputs: Inputs): string {
  const folder = resolve(workspace, inputs.text('path'));
  refuseOutside(folder, workspace);
  return folder;
}

/** What lay there before is gone after a checkout, such as artifacts that an earlier step fetched. */
function empty(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
}

function layHistory(step: ActionRun, folder: string, history: GitHistory | undefined): void {
  if (history === undefined) step.log('not a Git repository: this machine has no git');
  else history.layInto(folder);
}

/** The real action leaves its token in a file that `.git/config` includes, where every later step can read it. */
function persistCredentials(step: ActionRun, folder: string): void {
  const secret = Buffer.from(`x-access-token:ghs_rehearsal_${step.job.id}`).toString('base64');
  step.mask(secret);
  const file = join(step.temp, 'git-credentials.config');
  writeFileSync(file, `[http "https://github.com/"]\n\textraheader = AUTHORIZATION: basic ${secret}\n`);
  mkdirSync(join(folder, '.git'), { recursive: true });
  appendFileSync(join(folder, '.git', 'config'), `[include]\n\tpath = ${file}\n`);
  step.atEnd(() => {
    if (existsSync(file)) rmSync(file);
  });
}
