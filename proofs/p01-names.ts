import { manifestNames } from './calls/manifest-names';
import { workflowNames } from './calls/workflow-names';
import { matrixFaults } from './gpu-check/matrix';
import { gpuCheckNames } from './gpu-check/names';
import { objectReferenceFaults } from './node/object-references';
import { postboxNames } from './notices/names';
import { updateSettings } from './service/settings';
import type { Proof } from './proof';

/** Everybody means the same thing by a name. */
export const names: Proof = {
  code: 'P01',
  name: 'names',
  claim:
    'Each name in the manifest and in the workflow files is the physical name of a resource in a template of ' +
    'that account and region, a container and its logs are those of the task definition, a service is updated by the settings of its template, whatever mentions an ' +
    'endpoint means the same one, a node and its rendered manifests are those that the deployer looks for, ' +
    'what an object of Kubernetes names is rendered beside it, a GPU check runs each combination of its matrix in the ' +
    'cluster of its template, mail goes to the topic of its target, and no value is a token.',
  why: 'A pipeline that deploys to a cluster by a name that no stack gave fails at AWS, or meets a stranger’s.',
  reads: [
    'names and ARNs in the manifest',
    'physical names in the templates',
    'names in the workflow files',
    'strategy, alarms, hooks and scheduled actions of services in the templates',
    'rendered manifests',
  ],
  limits:
    'Plain words in the spec of a target are taken for settings and not for names. Names ' +
    'are compared, not whether the stacks were deployed. The scaling of an endpoint must have a condition; what the ' +
    'condition says is not read; nor is that on which a template leaves out the hook of a service.',
  check(artefacts) {
    const parts = [
      manifestNames(artefacts),
      workflowNames(artefacts),
      objectReferenceFaults(artefacts),
      updateSettings(artefacts),
      gpuCheckNames(artefacts),
      matrixFaults(artefacts),
      postboxNames(artefacts),
    ];
    return {
      checked: parts.reduce((sum, { checked }) => sum + checked, 0),
      findings: parts.flatMap(({ findings }) => findings),
    };
  },
};
