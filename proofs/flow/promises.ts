import type { Fault } from '../../contract';
import type { Artefacts, Job, Workflow } from '../artefacts';
import { refFilter } from '../claims/ref-filter';
import { Deliveries, deploys, rollsBack, type TargetJob } from './deliveries';
import type { JobGraph } from './job-graph';
import type { Occurrence } from './occurrences';
import { placeOf } from './place';
import type { Results, Simulation } from './simulation';
import { mayFailInSilence, whyLeftOut } from './step-conditions';

/** What an occurrence promises, held against the runs in which all that starts succeeds. */
export function promiseFaults(
  artefacts: Artefacts,
  graph: JobGraph,
  occurrence: Occurrence,
  simulations: readonly Simulation[],
): readonly Fault[] {
  const { workflow } = graph;
  const runs = simulations.map((simulation) => simulation.green());
  const started = (job: Job, results: Results): boolean => results[job.id] === 'success';
  if (!runs.some((results) => workflow.jobs.some((job) => started(job, results)))) {
    return [reachesNothing(workflow, occurrence)];
  }
  const deliveries = Deliveries.of(artefacts);
  const here = deliveries.in(workflow);
  if (occurrence.event.startsWith('pull_request')) {
    return here
      .filter(changes)
      .filter(({ job }) => runs.some((results) => started(job, results)))
      .map(({ job }) => touchedByPullRequest(workflow, job));
  }
  const chosen = chosenEnvironments(deliveries, here, occurrence);
  const promised = here.filter(
    (one) =>
      deploys(one) &&
      (chosen.length === 0 ? promises(artefacts, occurrence, one) : chosen.includes(one.environment)),
  );
  const skipped = promised.filter(({ job }) => !runs.every((results) => started(job, results)));
  const missing = chosen.filter(
    (environment) =>
      !here.some((one) => one.environment === environment && runs.some((run) => started(one.job, run))) &&
      !skipped.some((one) => one.environment === environment),
  );
  return [
    ...skipped.map(({ job }) => skippedWhileGreen(workflow, job, occurrence)),
    ...missing.map((environment) => choiceWithoutJob(workflow, environment, occurrence)),
    ...promised.flatMap((one) => silent(one, occurrence)),
    ...(chosen.length > 0 ? strays(here.filter(changes), graph, occurrence, chosen, runs) : []),
  ];
}

/** A push of the default branch or of a release promises every environment, and so does a start by hand. */
function promises(artefacts: Artefacts, { event, ref = '' }: Occurrence, { use }: TargetJob): boolean {
  if (event === 'workflow_dispatch') return true;
  if (event !== 'push') return false;
  const tags = Deliveries.of(artefacts).workloadOf(use)?.releaseTags ?? [];
  const tag = /^refs\/tags\/(.*)$/.exec(ref)?.[1];
  return tag === undefined
    ? ref === `refs/heads/${artefacts.manifest.repository.defaultBranch}`
    : refFilter(tags).admits(tag);
}

const changes = (one: TargetJob): boolean => deploys(one) || rollsBack(one);

/** Inputs whose value names an environment of one of the workloads that the workflow works on. */
function chosenEnvironments(
  deliveries: Deliveries,
  here: readonly TargetJob[],
  { inputs }: Occurrence,
): readonly string[] {
  const environments = new Set(
    here.flatMap(({ use }) => [...(deliveries.workloadOf(use)?.environments ?? [])]),
  );
  return Object.values(inputs)
    .map(String)
    .filter((value) => environments.has(value));
}

/** Jobs that change another environment than the chosen one and that do not lie on the way to it. */
function strays(
  all: readonly TargetJob[],
  { workflow, ancestors }: JobGraph,
  occurrence: Occurrence,
  chosen: readonly string[],
  runs: readonly Results[],
): Fault[] {
  const wanted = all.filter((one) => chosen.includes(one.environment)).map(({ job }) => job.id);
  return all
    .filter(({ job }) => runs.some((results) => results[job.id] === 'success'))
    .filter(({ job }) => !wanted.some((id) => id === job.id || ancestors.get(id)?.has(job.id)))
    .map(({ job, environment }) => ({
      place: placeOf(workflow, job),
      value: `${occurrence.name} starts ${job.id}, which changes ${environment}`,
      allowed: `jobs of ${chosen.join(', ')} and those on the way to it`,
      change: `let the condition of ${job.id} ask for its own environment`,
    }));
}

/** A deployment step that may be left out, or that may fail, while its job is green. */
function silent({ workflow, job, use }: TargetJob, occurrence: Occurrence): Fault[] {
  const place = placeOf(workflow, job, use.step);
  const why = whyLeftOut(job, use.step, occurrence);
  return [
    ...(why === undefined
      ? []
      : [
          {
            place,
            value: `if: ${why}`,
            allowed: `a deployment that runs on ${occurrence.name}, whatever else the run finds out`,
            change: 'put the condition on the job, or remove it',
          },
        ]),
    ...(mayFailInSilence(job, use.step)
      ? [
          {
            place,
            value: 'continue-on-error',
            allowed: 'a deployment that fails its job',
            change: 'remove continue-on-error',
          },
        ]
      : []),
  ];
}

const reachesNothing = (workflow: Workflow, { name, line }: Occurrence): Fault => ({
  place: `${workflow.file}:${line}`,
  value: `${name} starts no job: the run is green and nothing happened`,
  allowed: 'at least one job for each trigger and each choice',
  change: 'remove the trigger or the choice, or mend the conditions of the jobs',
});

const skippedWhileGreen = (workflow: Workflow, job: Job, { name }: Occurrence): Fault => ({
  place: placeOf(workflow, job),
  value: `${name} skips ${job.id} while the run is green`,
  allowed: 'a deployment that runs whenever the trigger promises it, or a run that is red',
  change: `mend the condition of ${job.id}${job.condition === undefined ? ' or of a job before it' : ` (${job.condition})`}`,
});

const choiceWithoutJob = (workflow: Workflow, environment: string, { name, line }: Occurrence): Fault => ({
  place: `${workflow.file}:${line}`,
  value: `${name} reaches no job of ${environment}`,
  allowed: 'a job that works on the environment that was chosen',
  change: `add a job for ${environment}, or take it out of the choices`,
});

const touchedByPullRequest = (workflow: Workflow, job: Job): Fault => ({
  place: placeOf(workflow, job),
  value: 'a pull request starts it',
  allowed: 'pull requests that change nothing at AWS',
  change: `give ${job.id} a condition, or move it out of this workflow`,
});
