import type { DeployManifest } from '../contract';
import type { Workflow } from './artefacts';
import { declarationsOf } from './flow/declarations';
import { expressionsIn } from './flow/expressions-in';
import { readFaults } from './flow/reads';
import { artifactFaults } from './flow/kept-artifacts';
import { registryLoginFaults } from './flow/registry-login';
import { scriptFaults } from './flow/script-faults';
import { secretFaults } from './flow/secrets';
import { unusedFaults } from './flow/unused';
import { choiceFaults } from './gpu-check/choice';
import { documentParameterFaults } from './node/document-parameters';
import { documentTakesFaults } from './node/document-takes';
import type { Proof, ProofResult } from './proof';

export const P11: Proof = {
  code: 'P11',
  name: 'inputs',
  claim:
    'Each secret, variable, input, output and artifact that is used is declared and provided, and nothing declared is unused. A secret reaches nothing but the login or the command that it is for, in a job of an environment that holds it and beside no other code, people choose the EC2 type of a GPU check among those that there are, and what is given to the document of a node reaches its script as a variable that holds nothing a shell would read; the document takes all that the deployer sends.',
  why: 'GitHub takes a name that nobody declared for an empty text: an empty image, an empty revision, a condition that is never true.',
  reads: [
    'expressions and scripts of the workflows',
    'outputs of the reviewed actions and of the pipeline command',
    'secrets, images, notices and GPU checks of the manifest',
    'parameters of the documents of nodes in the templates',
  ],
  limits:
    'Scripts are read by their words, not run. Variables that an action reads from its environment are not known, so that the `env` of a step that uses an action is not asked for a reader.',
  check: (artefacts) => {
    const parts = [
      ...artefacts.workflows.map((workflow) => check(workflow, artefacts.manifest)),
      artifactFaults(artefacts),
      secretFaults(artefacts),
      registryLoginFaults(artefacts),
      choiceFaults(artefacts),
      documentParameterFaults(artefacts),
      documentTakesFaults(artefacts),
    ];
    return {
      checked: parts.reduce((sum, { checked }) => sum + checked, 0),
      findings: parts.flatMap(({ findings }) => findings),
    };
  },
};

function check(workflow: Workflow, manifest: DeployManifest): ProofResult {
  const declared = declarationsOf(workflow, manifest);
  const expressions = expressionsIn(workflow);
  const unused = unusedFaults(workflow, declared, expressions);
  const reads = expressions.flatMap((one) => readFaults(workflow, declared, one));
  const scripts = workflow.jobs.flatMap((job) =>
    job.steps.flatMap((step) => scriptFaults(workflow, job, step)),
  );
  const references = expressions.reduce(
    (sum, { parsed }) => sum + ('reads' in parsed ? parsed.reads.length : 1),
    0,
  );
  return {
    checked: references + unused.checked + workflow.jobs.reduce((sum, { steps }) => sum + steps.length, 0),
    findings: [...reads, ...scripts, ...unused.findings],
  };
}
