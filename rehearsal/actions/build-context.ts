import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { notRehearsed } from './definition';
import type { Inputs } from './inputs';

/** What a build is made of. */
export interface BuildContext {
  readonly dockerfile: string;
  /** SHA-256 over the paths and contents of all files of the context, 64 hex digits. */
  readonly digest: string;
}

/**
 * Reads the context from the workspace.
 *
 * @throws ActionFailure as Buildx words it
 */
export function readContext(step: ActionRun, inputs: Inputs): BuildContext {
  const context = inputs.text('context');
  if (context === '') {
    throw notRehearsed(
      'docker/build-push-action',
      'a Git context; name the folder in the workspace with "context"',
    );
  }
  if (/^[a-z]+:\/\//.test(context)) throw notRehearsed('docker/build-push-action', `the context ${context}`);
  const folder = resolve(step.workspace, context);
  if (lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw failed(`unable to prepare context: path "${context}" not found`);
  }
  return { dockerfile: readDockerfile(step, inputs, folder), digest: digestOf(folder) };
}

function readDockerfile({ workspace }: ActionRun, inputs: Inputs, folder: string): string {
  const file = inputs.text('file');
  const path = file === '' ? join(folder, 'Dockerfile') : isAbsolute(file) ? file : join(workspace, file);
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
    const name = file.split('/').at(-1) || 'Dockerfile';
    throw failed(`failed to solve: failed to read dockerfile: open ${name}: no such file or directory`);
  }
  const text = readFileSync(path, 'utf8');
  if (!/^\s*FROM\s/im.test(text)) throw failed('failed to solve: file with no instructions');
  return text;
}

/** How the action reports a build that failed. */
export const failed = (message: string): ActionFailure =>
  new ActionFailure(`buildx failed with: ERROR: failed to build: ${message}`);

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const path of filesOf(folder, '')) {
    const from = join(folder, path);
    const data = lstatSync(from).isSymbolicLink() ? Buffer.from(readlinkSync(from)) : readFileSync(from);
    hash.update(`${path}\0${data.length}\0`).update(data);
  }
  return hash.digest('hex');
}

function filesOf(root: string, folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter(({ name }) => name !== '.git')
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesOf(root, path) : [path];
    })
    .sort();
}
