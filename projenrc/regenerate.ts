import { dirname } from 'node:path';
import pc from 'picocolors';
import { loadPlatform } from '../bin/load-platform';
import { hasFindings, proofReport, renderProofs } from '../cli/prove';
import { readForProving, synthesize, type SynthesizedPlatform } from '../cli/read-artefacts';
import { readForProofs } from '../proofs';
import { DeliveryWorkflows, planPipelines, renderWorkflow } from '../workflows';
import type { Bundle } from './bundle-command';
import { ErrorReference } from './error-reference';
import { LayerRules } from './layer-rules';
import { ManifestFiles } from './manifest-files';
import { PipelineCommand } from './pipeline-command';
import { LockstepRepository } from './repository';
import { GeneratedText } from './text-file';

const ROOT = dirname(__dirname);
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

export interface RegenerateOptions {
  /** Write files that do not prove, too. */
  readonly force: boolean;
}

/**
 * Writes everything that is generated. Nothing is written before all of it is known, and nothing that
 * does not prove.
 */
export async function regenerate(bundle: Promise<Bundle>, { force }: RegenerateOptions): Promise<void> {
  const platform = synthesize(loadPlatform());
  const { manifest, files, documents } = platform;
  if (!(await proves(platform)) && !force) {
    console.error('Nothing was written. `npx projen default --force` writes it all the same.');
    process.exitCode = 1;
    return;
  }
  const project = new LockstepRepository();
  new LayerRules(project);
  new ErrorReference(project);
  new PipelineCommand(project, (await bundle).text);
  new ManifestFiles(project, manifest);
  new DeliveryWorkflows(project, manifest);
  for (const { path, text } of [...files, ...documents]) new GeneratedText(project, path, text);
  // Writing is synchronous, so a signal that has a handler waits until the set of files is whole.
  const wait = () => undefined;
  for (const signal of SIGNALS) process.on(signal, wait);
  project.synth();
  for (const signal of SIGNALS) process.off(signal, wait);
}

/** Proves what is about to be written, and says what does not hold. */
async function proves(platform: SynthesizedPlatform): Promise<boolean> {
  const { manifest, templates } = platform;
  const workflows = planPipelines(manifest).map((plan) => ({ file: plan.file, text: renderWorkflow(plan) }));
  const report = proofReport(
    await readForProofs({ manifest, templates, workflows, files: readForProving(ROOT, platform) }),
  );
  if (!hasFindings(report)) return true;
  console.error(renderProofs(report, pc.createColors(process.stderr.isTTY && !process.env.NO_COLOR)));
  return false;
}
