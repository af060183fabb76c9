import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import type { ArtifactStore } from './artifact-store';
import { type ActionDefinition, notRehearsed } from './definition';
import type { Inputs } from './inputs';
import { refuseOutside } from './under-workspace';
import { wildcard } from './wildcard';

const ACTION = 'actions/upload-artifact';

/** Characters that no artifact may have in its name. */
const FORBIDDEN = ['"', ':', '<', '>', '|', '*', '?', '\r', '\n', '\\', '/'];

/** @see https://github.com/actions/upload-artifact#usage */
export function uploadArtifact(store: ArtifactStore): ActionDefinition {
  return {
    action: ACTION,
    limits:
      'Keeps files in memory until the run ends. Takes files and folders; the last part of a path may hold `*`, no other wildcard.',
    seconds: 3,
    defaults: {
      name: 'artifact',
      'if-no-files-found': 'warn',
      'compression-level': '6',
      overwrite: 'false',
      'include-hidden-files': 'false',
      archive: 'true',
    },
    supports: [
      ...['name', 'path', 'if-no-files-found', 'retention-days', 'compression-level', 'overwrite'],
      ...['include-hidden-files'],
    ],
    act: (step, inputs) => {
      const paths = pathsOf(inputs);
      const name = checkedName(inputs);
      const files = filesOf(step, paths, inputs.flag('include-hidden-files'));
      if (files.size === 0) nothingFound(step, inputs, paths);
      else upload(step, store, name, files, inputs.flag('overwrite'));
    },
  };
}

function upload(
  step: ActionRun,
  store: ArtifactStore,
  name: string,
  files: ReadonlyMap<string, Buffer>,
  overwrite: boolean,
): void {
  if (store.find(name) !== undefined && !overwrite) {
    throw new ActionFailure(
      'Failed to CreateArtifact: Received non-retryable error: Failed request: (409) Conflict: ' +
        'an artifact with this name already exists on the workflow run',
    );
  }
  const { id, digest } = store.keep(name, files);
  const { owner, name: repository } = step.run.repository;
  step.log(`With the provided path, there will be ${files.size} file${files.size === 1 ? '' : 's'} uploaded`);
  step.output('artifact-id', String(id));
  step.output('artifact-digest', digest);
  step.output(
    'artifact-url',
    `https://github.com/${owner}/${repository}/actions/runs/${step.run.runId}/artifacts/${id}`,
  );
}

function pathsOf(inputs: Inputs): readonly string[] {
  inputs.required('path');
  const paths = inputs.lines('path');
  const pattern = paths.find((path) => /[?[\]!]|\*\*|\*.*\//.test(path));
  if (pattern !== undefined) throw notRehearsed(ACTION, `the wildcard ${pattern} in "path"`);
  return paths;
}

function checkedName(inputs: Inputs): string {
  const name = inputs.text('name');
  const wrong = FORBIDDEN.find((character) => name.includes(character));
  if (wrong === undefined) return name;
  throw new ActionFailure(
    `The artifact name is not valid: ${name}. Contains the following character: ${wrong}`,
  );
}

function nothingFound(step: ActionRun, inputs: Inputs, paths: readonly string[]): void {
  const message = `No files were found with the provided path: ${paths.join('\n')}. No artifacts will be uploaded.`;
  const wanted = inputs.text('if-no-files-found');
  if (wanted === 'error') throw new ActionFailure(message);
  if (wanted === 'warn') step.annotate({ level: 'warning', message });
  else if (wanted === 'ignore') step.log(message);
  else
    throw new ActionFailure(
      `Unrecognized if-no-files-found input. Provided: ${wanted}. Available options: warn,error,ignore`,
    );
}

/**
 * Files by their path below the deepest folder that all of the given paths share. What stands before a wildcard counts
 * as a path.
 */
function filesOf(step: ActionRun, paths: readonly string[], hidden: boolean): ReadonlyMap<string, Buffer> {
  const given = paths.map((path) => resolve(step.workspace, path));
  for (const path of given) refuseOutside(path, step.workspace, step.temp);
  const found = [...new Set(given.flatMap(matches).flatMap((path) => within(path, hidden)))].sort();
  const root = sharedFolder(given.map((path) => (isPattern(path) ? dirname(path) : path)));
  return new Map(found.map((path) => [relative(root, path).split(sep).join('/'), readFileSync(path)]));
}

const isPattern = (path: string): boolean => basename(path).includes('*');

/** The path itself, or what a wildcard in its last part stands for. */
function matches(path: string): readonly string[] {
  if (!isPattern(path)) return [path];
  const [folder, expression] = [dirname(path), wildcard(basename(path))];
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .filter((name) => expression.test(name))
    .map((name) => join(folder, name));
}

function within(path: string, hidden: boolean): readonly string[] {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined || (!hidden && basename(path).startsWith('.'))) return [];
  if (!entry.isDirectory()) return [path];
  return readdirSync(path).flatMap((name) => within(join(path, name), hidden));
}

function sharedFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  let folder = others.length === 0 && isFolder(first) ? first : dirname(first);
  while (others.some((path) => !path.startsWith(`${folder}${sep}`)) && folder !== dirname(folder)) {
    folder = dirname(folder);
  }
  return folder;
}

const isFolder = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
