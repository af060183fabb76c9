import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DeployManifest, encodeManifest, LockstepError, MANIFEST_PATH } from '../contract';
import { buildPlatform } from '../lib/build-platform';
import type { Platform } from '../lib/platform';
import type { ArtefactSources, TemplateSource } from '../proofs';
import { planPipelines } from '../workflows';

/** A platform built and synthesized, without touching the repository. */
export interface SynthesizedPlatform {
  readonly manifest: DeployManifest;
  readonly templates: readonly TemplateSource[];
}

/** Synthesizes into a folder of its own, without the CloudFormation rules: proofs do not need them. */
export function synthesize(platform: Platform): SynthesizedPlatform {
  const outdir = mkdtempSync(join(tmpdir(), 'lockstep-'));
  try {
    const { app, manifest } = buildPlatform(platform, {
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
    return { manifest, templates };
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
export function readRepository(root: string, { manifest, templates }: SynthesizedPlatform): ArtefactSources {
  if (read(root, MANIFEST_PATH) !== encodeManifest(manifest))
    throw notRegenerated(MANIFEST_PATH, 'another manifest');
  return {
    manifest,
    templates,
    workflows: planPipelines(manifest).map(({ file }) => ({ file, text: read(root, file) })),
  };
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
