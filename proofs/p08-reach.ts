import type { Fault } from '../contract';
import type { Artefacts, Workflow } from './artefacts';
import { attestedImageFaults } from './flow/attested-image';
import { deployedImageFaults, taggedImageFaults } from './flow/built-image';
import { checkFaults } from './flow/checks/checks';
import { commitRollbackFaults } from './flow/commit-rollback';
import { commandFaults, conditionFaults } from './flow/condition-faults';
import { Deliveries } from './flow/deliveries';
import { figureFaults } from './flow/figures';
import { gateFaults } from './flow/gates';
import { promiseFaults } from './flow/promises';
import { inspectionFaults } from './flow/inspections';
import { jobGroupFaults } from './flow/job-groups';
import { jobGraph, type JobGraph } from './flow/job-graph';
import { neededFileFaults } from './flow/needed-files';
import { type Occurrence, occurrencesOf } from './flow/occurrences';
import { optionalInputFaults } from './flow/optional-inputs';
import { placeOf } from './flow/place';
import { promotedFaults } from './flow/promoted-version';
import { refCheckFaults } from './flow/ref-check';
import { type Simulation, simulationsOf } from './flow/simulation';
import { entranceFaults } from './flow/entrances';
import { triggerFaults } from './flow/triggers';
import { checkImageFaults } from './gpu-check/images';
import { gpuWorkflowFaults } from './gpu-check/workflow';
import { notifyFaults } from './notices/jobs';
import type { Proof, ProofResult } from './proof';

export const P08: Proof = {
  code: 'P08',
  name: 'reach',
  claim:
    'Each trigger and each choice reaches the jobs that it promises, nothing else starts a delivery, and a deployment that is skipped is not green. What is deployed is the digest of the one build of the run, one of each image, behind the tests and the scan that the manifest asks for, or exactly what the environment before runs. The checks of a workload run on each pull request and push, and none ends well whatever it finds. A run that names no version takes none by default, one that names a commit goes back to the image that was built of it, and a run on a ref that may not be released ends before it signs in. A GPU check runs by the clock and by hand, each combination with an image of its own, and those that failed stand in its report. People hear of each deployment and way back of a workload with notices, from a job that waits for nobody, and deliveries are counted every week.',
  why: 'A job that never runs is green for ever: people believe that a release is out while nothing was deployed. A gate that nobody waits for is worse: it looks as if somebody did.',
  reads: [
    'triggers, needs and conditions of the workflows, evaluated with the expression package of GitHub',
    'environments, release tags, paths, tests, checks, GPU checks, notices and images of the manifest',
    'repositories of GPU checks in the templates',
    'inputs and scripts of the steps that check, test, build, scan, resolve and deploy',
  ],
  limits:
    'It evaluates what GitHub documents; protection rules, concurrency and cancelled runs are beyond it. Whether the tests are good ones, and what files of the repository tell them, the checks and the scanner to leave out, is not read. That the environment before runs a stable release is what `resolve` refuses to pass otherwise; the rehearsal shows it. What is only known in a run, such as the output of a job, is guessed: empty, each text that a condition compares with, and another one. A step that refuses refs is read only in the form in which Lockstep writes it.',
  check: (artefacts) => {
    const parts = [
      entranceFaults(artefacts),
      triggerFaults(artefacts),
      gateFaults(artefacts),
      imageFaults(artefacts),
      neededFileFaults(artefacts),
      checkFaults(artefacts),
      inspectionFaults(artefacts),
      optionalInputFaults(artefacts),
      commitRollbackFaults(artefacts),
      refCheckFaults(artefacts),
      jobGroupFaults(artefacts),
      gpuWorkflowFaults(artefacts),
      checkImageFaults(artefacts),
      notifyFaults(artefacts),
      figureFaults(artefacts),
      ...artefacts.workflows.map((one) => check(artefacts, one)),
    ];
    const findings = parts.flatMap((part) => part.findings);
    return {
      checked: parts.reduce((sum, { checked }) => sum + checked, 0),
      // Several occurrences may come to the same finding.
      findings: [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()],
      notes: parts.flatMap(({ notes = [] }) => notes),
    };
  },
};

/** What is deployed, attested and tagged, and where it comes from. */
function imageFaults(artefacts: Artefacts): ProofResult {
  const { deployments } = Deliveries.of(artefacts);
  return {
    checked: deployments.length,
    findings: [
      ...deployments.flatMap((one) => [
        ...deployedImageFaults(artefacts, one),
        ...promotedFaults(artefacts, one),
      ]),
      ...attestedImageFaults(artefacts),
      ...taggedImageFaults(artefacts),
    ],
  };
}

function check(artefacts: Artefacts, workflow: Workflow): ProofResult {
  const graph = jobGraph(workflow);
  const broken = [...graph.faults, ...conditionFaults(graph), ...commandFaults(artefacts, workflow)];
  const checked = workflow.jobs.length;
  const refused = [...graph.conditions.values()].some((condition) => condition && 'fault' in condition);
  if (refused || graph.faults.length > 0) return { checked, findings: broken };
  const occurrences = occurrencesOf(workflow, artefacts.manifest);
  const findings: Fault[] = [...broken, ...emptyTriggers(workflow, occurrences)];
  const all: Simulation[] = [];
  for (const occurrence of occurrences) {
    const simulations = simulationsOf(graph, occurrence);
    if ('fault' in simulations)
      return { checked, findings: [...findings, unfollowed(workflow, simulations.fault)] };
    all.push(...simulations);
    findings.push(...promiseFaults(artefacts, graph, occurrence, simulations));
  }
  const { faults, notes } = neverRun(graph, all);
  return { checked: checked + all.length * workflow.jobs.length, findings: [...findings, ...faults], notes };
}

/** Jobs that no occurrence and no outcome of the jobs before them ever starts. */
function neverRun(
  graph: JobGraph,
  simulations: readonly Simulation[],
): { readonly faults: readonly Fault[]; readonly notes: readonly string[] } {
  const { workflow } = graph;
  const faults: Fault[] = [];
  const notes: string[] = [];
  for (const job of graph.ordered) {
    let complete = true;
    const runs = simulations.some((simulation) => {
      const endings = simulation.endings(job);
      complete &&= endings.complete;
      return endings.results.some((results) => results[job.id] !== 'skipped');
    });
    if (!complete)
      notes.push(`${placeOf(workflow, job)}: only states with at most two failures were looked at`);
    if (runs) continue;
    faults.push({
      place: placeOf(workflow, job),
      value: job.condition === undefined ? 'a job that never runs' : `if: ${job.condition}`,
      allowed: `a job that some trigger starts: ${simulations.map(({ occurrence }) => occurrence.name).join(', ') || 'the file has no trigger'}`,
      change: `mend the condition or the \`needs\` of ${job.id}, or remove the job`,
    });
  }
  return { faults, notes };
}

/** Triggers whose filters take no name at all. */
const emptyTriggers = (workflow: Workflow, occurrences: readonly Occurrence[]): Fault[] =>
  workflow.triggers
    .filter(({ event }) => !occurrences.some((occurrence) => occurrence.event === event))
    .map(({ event, line, filters }) => ({
      place: `${workflow.file}:${line}`,
      value: `${event} with ${JSON.stringify(filters)} starts nothing`,
      allowed: 'filters and choices that at least one name passes',
      change: 'mend the filters, or remove the trigger',
    }));

const unfollowed = (workflow: Workflow, what: string): Fault => ({
  place: placeOf(workflow),
  value: `conditions read ${what}`,
  allowed: 'conditions over the event, the ref, inputs, and results or single outputs of needed jobs',
  change: 'write the condition with those, so that it can be followed before it runs',
});
