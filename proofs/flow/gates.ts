import type { Fault } from '../../contract';
import type { Artefacts, Job, Step } from '../artefacts';
import type { ProofResult } from '../proof';
import { imagesOfTarget } from './built-image';
import { Deliveries, type TargetJob } from './deliveries';
import type { Gate } from './gate';
import { jobGraph } from './job-graph';
import { occurrencesOf } from './occurrences';
import { placeOf } from './place';
import { promotionOf, resolveSteps } from './promotion';
import { resolutionFaults } from './resolution';
import { scanFaults, scanStepsOf } from './scan-gate';
import { simulationsOf } from './simulation';
import { mayFailInSilence, whyLeftOut } from './step-conditions';
import { testGates } from './test-gate';

/** A step that claims to be a gate, and what is wrong with it. */
interface Candidate {
  readonly job: Job;
  readonly faults: readonly Fault[];
}

/** Each deployment held against what must come before it. */
export function gateFaults(artefacts: Artefacts): ProofResult {
  let checked = 0;
  const findings = Deliveries.of(artefacts).deployments.flatMap((deployment) =>
    gatesOf(artefacts, deployment).flatMap((gate) => {
      checked += 1;
      return faultsOf(artefacts, deployment, gate);
    }),
  );
  return { checked, findings };
}

function gatesOf(artefacts: Artefacts, deployment: TargetJob): readonly Gate[] {
  const { workflow, use } = deployment;
  const promotion = promotionOf(artefacts, deployment);
  // The environment before has passed the others.
  if (promotion) {
    return [
      {
        name: `the resolution of ${promotion.workload.id} in ${promotion.before}`,
        steps: resolveSteps,
        faults: (job, step) => resolutionFaults(workflow, job, step, promotion),
      },
    ];
  }
  const quality = Deliveries.of(artefacts).workloadOf(use)?.quality;
  const { images } = artefacts.manifest;
  return [
    ...(quality ? testGates(workflow, use.workload ?? '', quality) : []),
    ...imagesOfTarget(artefacts, deployment)
      .filter(({ scan }) => scan.blocks)
      .map((image) => ({
        name: `the scan of the image ${image.id}`,
        steps: (job: Job) => scanStepsOf(job, image, images),
        faults: (job: Job, step: Step) => scanFaults(workflow, job, step, image),
      })),
  ];
}

function faultsOf(artefacts: Artefacts, deployment: TargetJob, gate: Gate): readonly Fault[] {
  const { workflow, job } = deployment;
  const candidates = workflow.jobs.flatMap((other) =>
    gate.steps(other).map((step) => candidate(artefacts, deployment, gate, other, step)),
  );
  const sound = candidates.filter(({ faults }) => faults.length === 0);
  if (candidates.length > 0 && sound.length === 0) {
    // The one with the least wrong is the one that is meant.
    return [...candidates].sort((one, other) => one.faults.length - other.faults.length)[0]?.faults ?? [];
  }
  const ways = sound.map((one) => pastFault(artefacts, deployment, gate, one.job));
  const [first] = ways;
  if (ways.length === 0) {
    return [
      {
        place: placeOf(workflow, job),
        value: `no job of ${workflow.file} runs ${gate.name}`,
        allowed: `a deployment behind ${gate.name}, which the manifest asks for`,
        change: 'run `npx projen` to write the workflows anew, or remove the job',
      },
    ];
  }
  return ways.includes(undefined) || first === undefined ? [] : [first];
}

function candidate(
  { manifest }: Artefacts,
  { workflow }: TargetJob,
  gate: Gate,
  job: Job,
  step: Step,
): Candidate {
  const place = placeOf(workflow, job, step);
  const [why] = occurrencesOf(workflow, manifest).flatMap((one) => whyLeftOut(job, step, one) ?? []);
  const silent = mayFailInSilence(job, step);
  return {
    job,
    faults: [
      ...gate.faults(job, step),
      ...(why === undefined
        ? []
        : [
            {
              place,
              value: `if: ${why}`,
              allowed: `${gate.name} whenever its job runs`,
              change: 'remove the condition of the step',
            },
          ]),
      ...(silent
        ? [
            {
              place,
              value: 'continue-on-error',
              allowed: `a failure of ${gate.name} fails the job, and nothing is deployed`,
              change: 'remove continue-on-error from the step and its job',
            },
          ]
        : []),
    ],
  };
}

/** Whether the deployment may start although the job of the gate did not succeed. */
function pastFault(
  { manifest }: Artefacts,
  { workflow, job }: TargetJob,
  gate: Gate,
  before: Job,
): Fault | undefined {
  const graph = jobGraph(workflow);
  const fault = (value: string, change: string): Fault => ({
    place: placeOf(workflow, job),
    value,
    allowed: `it starts only when ${before.id}, ${gate.name}, succeeded`,
    change,
  });
  if (graph.faults.length > 0) return undefined;
  if (!graph.ancestors.get(job.id)?.has(before.id)) {
    return fault(
      `needs: ${job.needs.join(', ') || 'nothing'}, which does not wait for ${before.id}`,
      `add ${before.id} to the \`needs\` of ${job.id}`,
    );
  }
  for (const occurrence of occurrencesOf(workflow, manifest)) {
    const simulations = simulationsOf(graph, occurrence);
    // What cannot be followed is a finding of its own.
    if ('fault' in simulations) return undefined;
    for (const { results } of simulations.map((simulation) => simulation.endings(job))) {
      const past = results.find((ending) => ending[job.id] !== 'skipped' && ending[before.id] !== 'success');
      if (!past) continue;
      return fault(
        `on ${occurrence.name} it starts although ${before.id} ended with ${past[before.id] ?? ''}`,
        `remove the status function from the condition of ${job.id}${job.condition === undefined ? ' or of a job before it' : ` (${job.condition})`}`,
      );
    }
  }
  return undefined;
}
