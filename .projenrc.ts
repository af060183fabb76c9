import { loadPlatform } from './bin/load-platform';
import { buildPlatform } from './lib/build-platform';
import { ErrorReference } from './projenrc/error-reference';
import { LayerRules } from './projenrc/layer-rules';
import { ManifestFiles } from './projenrc/manifest-files';
import { PipelineCommand } from './projenrc/pipeline-command';
import { LockstepRepository } from './projenrc/repository';
import { DeliveryWorkflows } from './workflows';

// `npx projen` regenerates everything that is generated. Nothing is written before all of it is known.
const { manifest } = buildPlatform(loadPlatform());
const project = new LockstepRepository();
new LayerRules(project);
new ErrorReference(project);
new PipelineCommand(project);
new ManifestFiles(project, manifest);
new DeliveryWorkflows(project, manifest);
project.synth();
