import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import type { Artifact, ArtifactStore } from './artifact-store';
import { type ActionDefinition, notRehearsed } from './definition';
import type { Inputs } from './inputs';
import { refuseOutside } from './under-workspace';
import { wildcard } from './wildcard';

const ACTION = 'actions/download-artifact';

/** @see https://github.com/actions/download-artifact#usage */
export function downloadArtifact(store: ArtifactStore): ActionDefinition {
  return {
    action: ACTION,
    limits: 'Knows the artifacts of this run only. A pattern may hold `*`, no other wildcard.',
    seconds: 3,
    defaults: { 'merge-multiple': 'false', 'digest-mismatch': 'error', 'skip-decompress': 'false' },
    supports: [
      'name',
      'artifact-ids',
      'path',
      'pattern',
      'merge-multiple',
      'repository',
      'run-id',
      'github-token',
    ],
    act: (step, inputs) => {
      refuseOtherRuns(step, inputs);
      const folder = resolve(step.workspace, inputs.text('path'));
      const chosen = choose(store, inputs);
      // A pattern that only one matches lays it flat too: https://github.com/actions/download-artifact/pull/416
      const apart = chosen.length > 1 && !inputs.flag('merge-multiple');
      for (const artifact of chosen) lay(artifact, apart ? join(folder, artifact.name) : folder, step);
      step.log(`Total of ${chosen.length} artifact(s) downloaded`);
      step.output('download-path', folder);
    },
  };
}

function choose(store: ArtifactStore, inputs: Inputs): readonly Artifact[] {
  const name = inputs.text('name');
  const ids = inputs.list('artifact-ids');
  if (name !== '' && ids.length > 0) {
    throw new ActionFailure(
      "Inputs 'name' and 'artifact-ids' cannot be used together. Please specify only one.",
    );
  }
  if (name !== '') {
    const found = store.find(name);
    if (found !== undefined) return [found];
    throw new ActionFailure(`Unable to download artifact(s): Artifact not found for name: ${name}`);
  }
  if (ids.length > 0) return ids.map((id) => byId(store, id));
  const matches = matcher(inputs.text('pattern'));
  return store.list().filter(({ name: candidate }) => matches(candidate));
}

function byId(store: ArtifactStore, id: string): Artifact {
  const found = store.list().find((artifact) => String(artifact.id) === id);
  if (found !== undefined) return found;
  throw new ActionFailure(`Unable to download artifact(s): Artifact with ID '${id}' not found`);
}

function matcher(pattern: string): (name: string) => boolean {
  if (pattern === '') return () => true;
  if (/[?[\]{}!()]/.test(pattern)) throw notRehearsed(ACTION, `the pattern ${pattern}`);
  const expression = wildcard(pattern);
  return (name) => expression.test(name);
}

function refuseOtherRuns({ run }: ActionRun, inputs: Inputs): void {
  const own = `${run.repository.owner}/${run.repository.name}`;
  if ((inputs.text('run-id') || run.runId) !== run.runId) {
    throw notRehearsed(ACTION, `the run ${inputs.text('run-id')}`);
  }
  if ((inputs.text('repository') || own) !== own) {
    throw notRehearsed(ACTION, `the repository ${inputs.text('repository')}`);
  }
}

function lay({ files }: Artifact, folder: string, { workspace, temp }: ActionRun): void {
  for (const [path, content] of files) {
    const to = join(folder, path);
    refuseOutside(to, workspace, temp);
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(to, content);
  }
}
