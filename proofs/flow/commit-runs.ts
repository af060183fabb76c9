import type { Fault } from '../../contract';
import type { Artefacts, Job, Workflow } from '../artefacts';
import { commandsOfStep } from './commands';
import { commitFault, type Finder, revisionInputs } from './commit-finder';
import type { TargetJob } from './deliveries';
import { jobGraph } from './job-graph';
import { type Occurrence, occurrencesOf } from './occurrences';
import { placeOf } from './place';
import { type Simulation, simulationsOf } from './simulation';
import { whyLeftOut } from './step-conditions';

/** What a run does that names a commit, and one that names none. */
export function runFaults(
  artefacts: Artefacts,
  workflow: Workflow,
  finder: Finder,
  ways: readonly TargetJob[],
): readonly Fault[] {
  const graph = jobGraph(workflow);
  if (graph.faults.length > 0) return [];
  const revisions = revisionInputs(workflow);
  const findings = new Map<string, Fault>();
  for (const occurrence of occurrencesOf(workflow, artefacts.manifest)) {
    const simulations = simulationsOf(graph, occurrence);
    // What cannot be followed is a finding of every workflow.
    if ('fault' in simulations) return [];
    const isNamed = (name: string) => !['', undefined].includes(occurrence.inputs[name]?.toString());
    const commit = isNamed(finder.input);
    // Both together are refused before anything is found.
    if (commit && revisions.some(isNamed)) continue;
    for (const one of simulations.flatMap((simulation) => ofRun(workflow, finder, ways, simulation, commit)))
      findings.set(`${one.place} ${one.value}`, one);
  }
  return [...findings.values()];
}

function ofRun(
  workflow: Workflow,
  finder: Finder,
  ways: readonly TargetJob[],
  simulation: Simulation,
  commit: boolean,
): readonly Fault[] {
  const { occurrence } = simulation;
  const green = simulation.green();
  const name = commit ? 'a run that names a commit' : 'a run that names no commit';
  const finds = green[finder.job.id] === 'success';
  const running = [...new Set(ways.map(({ job }) => job))].filter(({ id }) => green[id] === 'success');
  return [
    ...(finds === commit
      ? []
      : [
          commitFault(
            placeOf(workflow, finder.job),
            `${name} ${finds ? 'starts' : 'skips'} ${finder.job.id}`,
            'it runs when a commit is named, and only then',
          ),
        ]),
    ...running.flatMap((job) => [
      ...stepFaults(workflow, job, occurrence, commit, name),
      ...(commit &&
      simulation
        .endings(job)
        .results.some((ending) => ending[finder.job.id] !== 'success' && ending[job.id] !== 'skipped')
        ? [
            commitFault(
              placeOf(workflow, job),
              `it goes back although ${finder.job.id} found no image`,
              `a job that is skipped unless ${finder.job.id} succeeded`,
            ),
          ]
        : []),
    ]),
    ...(running.length > 0 || Object.keys(occurrence.inputs).length === 0
      ? []
      : [
          commitFault(
            placeOf(workflow),
            `${name} goes back nowhere`,
            'the rollback of the environment that was chosen',
          ),
        ]),
  ];
}

/** Exactly one rollback in a job: by the image when a commit is named, by anything else when none is. */
function stepFaults(
  workflow: Workflow,
  job: Job,
  occurrence: Occurrence,
  commit: boolean,
  name: string,
): readonly Fault[] {
  const uses = job.steps
    .filter((step) => whyLeftOut(job, step, occurrence) === undefined)
    .flatMap(commandsOfStep)
    .filter(({ verb }) => verb === 'rollback');
  const byImage = uses.filter(({ options }) => options.image !== undefined);
  const sound = uses.length === 1 && byImage.length === (commit ? 1 : 0);
  if (sound) return [];
  const shown = uses.map(({ options }) =>
    ['rollback', ...Object.keys(options).map((option) => `--${option}`)].join(' '),
  );
  return [
    commitFault(
      placeOf(workflow, job),
      `${name} runs ${shown.join(' and ') || 'no rollback'}`,
      commit ? 'one rollback, to the image of the commit' : 'one rollback, without an image',
    ),
  ];
}
