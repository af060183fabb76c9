import { loadPlatform } from '../bin/load-platform';
import { buildPlatform } from '../lib/build-platform';
import { DeliveryWorkflows } from '../workflows';
import type { Bundle } from './bundle-command';
import { ErrorReference } from './error-reference';
import { LayerRules } from './layer-rules';
import { ManifestFiles } from './manifest-files';
import { PipelineCommand } from './pipeline-command';
import { LockstepRepository } from './repository';

/** Writes everything that is generated. Nothing is written before all of it is known. */
export async function regenerate(bundle: Promise<Bundle>): Promise<void> {
  const { manifest } = buildPlatform(loadPlatform());
  const project = new LockstepRepository();
  new LayerRules(project);
  new ErrorReference(project);
  new PipelineCommand(project, (await bundle).text);
  new ManifestFiles(project, manifest);
  new DeliveryWorkflows(project, manifest);
  project.synth();
}
