import type { Workflow } from './artefacts';
import { declarationsOf } from './flow/declarations';
import { expressionsIn } from './flow/expressions-in';
import { readFaults } from './flow/reads';
import { scriptFaults } from './flow/script-faults';
import { unusedFaults } from './flow/unused';
import type { Proof, ProofResult } from './proof';

export const P11: Proof = {
  code: 'P11',
  name: 'inputs',
  claim:
    'Each secret, variable, input and output that is used is declared and provided, and nothing declared is unused.',
  why: 'GitHub takes a name that nobody declared for an empty text: an empty image, an empty revision, a condition that is never true.',
  reads: [
    'expressions and scripts of the workflows',
    'outputs of the reviewed actions and of the pipeline command',
  ],
  limits:
    'Scripts are read by their words, not run. Variables that an action reads from its environment are not known, so that the `env` of a step that uses an action is not asked for a reader.',
  check: ({ workflows }) => {
    const parts = workflows.map(check);
    return {
      checked: parts.reduce((sum, { checked }) => sum + checked, 0),
      findings: parts.flatMap(({ findings }) => findings),
    };
  },
};

function check(workflow: Workflow): ProofResult {
  const declared = declarationsOf(workflow);
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
