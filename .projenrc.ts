import { loadPlatform } from './bin/load-platform';
import { reportFaults } from './bin/report-faults';
import { buildPlatform } from './lib/build-platform';
import { ErrorReference } from './projenrc/error-reference';
import { LayerRules } from './projenrc/layer-rules';
import { ManifestFiles } from './projenrc/manifest-files';
import { PipelineCommand, startBundling } from './projenrc/pipeline-command';
import { LockstepRepository } from './projenrc/repository';
import { DeliveryWorkflows } from './workflows';

// `npx projen` regenerates everything that is generated. Nothing is written before all of it is known.
async function main(): Promise<void> {
  // The bundler works in a process of its own while the platform is built here.
  const command = await startBundling(__dirname);
  const { manifest } = buildPlatform(loadPlatform());
  const project = new LockstepRepository();
  new LayerRules(project);
  new ErrorReference(project);
  new PipelineCommand(project, (await command.result).text);
  new ManifestFiles(project, manifest);
  new DeliveryWorkflows(project, manifest);
  project.synth();
}

main().catch(reportFaults);
