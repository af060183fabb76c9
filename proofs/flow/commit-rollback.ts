import type { Fault, WorkloadEntry } from '../../contract';
import type { Artefacts, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { imagesOfTarget } from './built-image';
import { CHANGE, commitFault, type Finder, finderFaults, findersIn } from './commit-finder';
import { runFaults } from './commit-runs';
import { Deliveries, rollsBack, type TargetJob } from './deliveries';
import { outputOfJob, outputOfStep } from './output-reference';
import { placeOf } from './place';
import { writtenOption } from './written-option';

/**
 * Where people may go back to a commit, the commit that they name reaches the one job that finds its image, each rollback
 * takes exactly that image and no other way, and a commit of which there is none goes back to nothing.
 */
export function commitRollbackFaults(artefacts: Artefacts): ProofResult {
  const parts = artefacts.manifest.workloads
    .filter(({ rollbackByCommit }) => rollbackByCommit)
    .map((workload) => ofWorkload(artefacts, workload));
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

function ofWorkload(artefacts: Artefacts, workload: WorkloadEntry): ProofResult {
  const deliveries = Deliveries.of(artefacts);
  const byHand = artefacts.workflows.flatMap((workflow) => {
    const here = deliveries.in(workflow).filter(({ use }) => use.workload === workload.id);
    const ways = here.filter((one) => rollsBack(one) && one.use.options.failed !== true);
    return ways.length > 0 ? [{ workflow, ways }] : [];
  });
  if (byHand.length === 0) {
    return {
      checked: 1,
      findings: [
        {
          place: `the workflows of ${workload.id}`,
          value: 'no workflow goes back by hand',
          allowed: 'one that goes back to a revision or a commit',
          change: CHANGE,
        },
      ],
    };
  }
  const found = byHand.map(({ workflow, ways }) => ofWorkflow(artefacts, workload, workflow, ways));
  return {
    checked: found.reduce((sum, { checked }) => sum + checked, 0),
    findings: found.flatMap(({ findings }) => findings),
  };
}

function ofWorkflow(
  artefacts: Artefacts,
  workload: WorkloadEntry,
  workflow: Workflow,
  ways: readonly TargetJob[],
): ProofResult {
  const finders = workflow.jobs.flatMap((job) => findersIn(workflow, job, workload));
  const [finder, ...others] = finders;
  if (!finder || others.length > 0) {
    const value = `${finders.length} steps find the image of a commit that an input names`;
    return {
      checked: 1,
      findings: [commitFault(placeOf(workflow), value, `one \`image find\` for ${workload.id}`)],
    };
  }
  const jobs = [...new Set(ways.map(({ job }) => job))];
  return {
    checked: 3 + jobs.length * 3,
    findings: [
      ...finderFaults(workflow, finder),
      ...jobs.flatMap((job) =>
        handedOnFaults(
          artefacts,
          workflow,
          finder,
          ways.filter((way) => way.job === job),
        ),
      ),
      ...runFaults(artefacts, workflow, finder, ways),
    ],
  };
}

/** `--image` of a rollback: the repository of the workload, and the digest that was found. */
function handedOnFaults(
  artefacts: Artefacts,
  workflow: Workflow,
  { job: from, use: found }: Finder,
  ways: readonly TargetJob[],
): readonly Fault[] {
  return ways.flatMap((way) => {
    const written = writtenOption(workflow, way.job, way.use, 'image');
    if (written === undefined) return [];
    const expected = imagesOfTarget(artefacts, way).map(({ repository }) => repository.uri);
    const [uri = '', ...rest] = written.split('@');
    const whole = outputOfJob(written);
    const reference = whole ?? outputOfJob(rest.join('@'));
    const made = outputOfStep(from.outputs[reference?.output ?? ''] ?? '');
    const sound =
      reference?.id === from.id &&
      way.job.needs.includes(from.id) &&
      found.step.id !== undefined &&
      made?.id === found.step.id &&
      (whole ? made.output === 'image' : made.output === 'digest' && expected.includes(uri));
    if (sound) return [];
    return [
      commitFault(
        placeOf(workflow, way.job, way.use.step),
        `--image ${written}`,
        `${expected.join(' or ')}@ and the digest that ${from.id} found`,
      ),
    ];
  });
}
