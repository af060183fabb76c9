import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { type DeployManifest, encodeManifest, LockstepError, MANIFEST_PATH } from '../contract';
import { type BuiltPlatform, buildPlatform } from '../lib/build-platform';
import type { Platform } from '../lib/platform';
import { type ArtefactSources, type FileSource, filesToRead, type TemplateSource } from '../proofs';
import { type Runbook, runbooks } from '../runbook';
import { planPipelines } from '../workflows';

/** A platform built and synthesized, without touching the repository. */
export interface SynthesizedPlatform {
  readonly manifest: DeployManifest;
  readonly templates: readonly TemplateSource[];
  /** Files that are generated with the stacks, by their paths from the repository's root. */
  readonly files: BuiltPlatform['files'];
  /** For people, by their paths from the repository's root. */
  readonly documents: readonly Runbook[];
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
    const stacks = app.synth().stacks.map(({ stackName, environment, template, dependencies }) => ({
      name: stackName,
      account: environment.account,
      region: environment.region,
      template: template as unknown,
      dependsOn: dependencies.flatMap((other) =>
        other instanceof CloudFormationStackArtifact ? [other.stackName] : [],
      ),
    }));
    return {
      manifest,
      templates: stacks.map(({ name, account, region, template }) => ({
        stack: name,
        account,
        region,
        body: template,
      })),
      files,
      documents: runbooks({ manifest, plans: planPipelines(manifest), stacks }),
    };
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
  { manifest, templates, files }: Omit<SynthesizedPlatform, 'documents'>,
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
