import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeployManifest, encodeManifest, LockstepError, MANIFEST_PATH } from '../contract';
import { type BuiltPlatform, buildPlatform } from '../lib/build-platform';
import type { Platform } from '../lib/platform';
import { type ArtefactSources, type FileSource, filesToRead, type TemplateSource } from '../proofs';
import { planPipelines } from '../workflows';

/** A platform built and synthesized, without touching the repository. */
export interface SynthesizedPlatform {
  readonly manifest: DeployManifest;
  readonly templates: readonly TemplateSource[];
  /** Files that are generated with the stacks, by their paths from the repository's root. */
  readonly files: BuiltPlatform['files'];
}

/** Synthesizes into a folder of its own, without the CloudFormation rules: proofs do not need them. */
export function synthesize(platform: Platform): SynthesizedPlatform {
  const outdir = mkdtempSync(join(tmpdir(), 'lockstep-'));
  try {
    const { app, manifest, files } = buildPlatform(platform, {
      outdir,
      builtinCloudFormationValidation: false,
      treeMetadata: false,
    });
    const templates = app.synth().stacks.map(({ stackName, environment, template }) => ({
      stack: stackName,
      account: environment.account,
      region: environment.region,
      body: template as unknown,
    }));
    return { manifest, templates, files };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/**
 * What the proofs read in a repository: the templates as its platform file gives them now, manifest and
 * workflows as they are committed.
 *
 * @throws LockstepError `NotRegenerated` when the committed files are those of another platform file
 */
export function readRepository(
  root: string,
  { manifest, templates, files }: SynthesizedPlatform,
): ArtefactSources {
  if (read(root, MANIFEST_PATH) !== encodeManifest(manifest))
    throw notRegenerated(MANIFEST_PATH, 'another manifest');
  const edited = files.find(({ path, text }) => read(root, path) !== text);
  if (edited) throw notRegenerated(edited.path, 'another text');
  return {
    manifest,
    templates,
    workflows: planPipelines(manifest).map(({ file }) => ({ file, text: read(root, file) })),
    files: readForProving(root, { manifest, files }),
  };
}

/**
 * The files that proofs read besides templates and workflows: those that are generated as the platform file gives them
 * now, the others as they lie on disk.
 *
 * @throws LockstepError `NotRegenerated` when one of them cannot be read
 */
export function readForProving(
  root: string,
  { manifest, files }: Pick<SynthesizedPlatform, 'manifest' | 'files'>,
): readonly FileSource[] {
  const generated = new Map(files.map(({ path, text }) => [path, text]));
  return filesToRead(manifest).map((path) => ({ path, text: generated.get(path) ?? read(root, path) }));
}

function read(root: string, file: string): string {
  try {
    return readFileSync(join(root, file), 'utf8');
  } catch {
    throw notRegenerated(file, 'no readable file');
  }
}

function notRegenerated(place: string, value: string): LockstepError {
  return new LockstepError('NotRegenerated', {
    place,
    value,
    allowed: 'what the platform file gives',
    change: 'run `npx projen`',
  });
}
