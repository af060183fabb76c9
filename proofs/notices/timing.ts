import type { Artefacts } from '../artefacts';
import { Deliveries, rollsBack, type TargetJob } from '../flow/deliveries';
import { jobGraph } from '../flow/job-graph';
import { type Occurrence, occurrencesOf } from '../flow/occurrences';
import { simulationsOf } from '../flow/simulation';
import { whyLeftOut } from '../flow/step-conditions';
import type { Wrong } from '../wrong';
import type { Told } from './jobs';

/** Endings that are news; what was cancelled or skipped changed nothing that anybody could tell. */
const NEWS = ['success', 'failure'];

/** Whether people are told exactly when there is something to tell, however the jobs before have ended. */
export function timingFaults(
  artefacts: Artefacts,
  told: Told,
  { workflow, job }: TargetJob,
): readonly Wrong[] {
  const graph = jobGraph(workflow);
  // What cannot be followed is a finding of its own.
  if (graph.faults.length > 0) return [];
  const id = told.change.job.id;
  const wrong = new Map<string, Wrong>();
  for (const occurrence of occurrencesOf(workflow, artefacts.manifest)) {
    const simulations = simulationsOf(graph, occurrence);
    if ('fault' in simulations) return [];
    const changed = changesOn(artefacts, told.change, occurrence);
    for (const { results } of simulations.map((simulation) => simulation.endings(job))) {
      for (const ending of results) {
        const result = ending[id] ?? 'skipped';
        const isNews = changed && NEWS.includes(result);
        const tells = ending[job.id] !== 'skipped';
        if (isNews === tells || (result === 'cancelled' && changed)) continue;
        const value = tells
          ? `it tells people although ${changed ? `${id} ended with ${result}` : `${id} only lists`}`
          : `it is skipped when ${id} ended with ${result}`;
        wrong.set(value, [value, `it runs whenever ${id} has succeeded or failed, and at no other time`]);
      }
    }
  }
  return [...wrong.values()];
}

/** Whether a run changes the target at all: by hand, it may only list what one could go back to. */
function changesOn(artefacts: Artefacts, { workflow, job }: TargetJob, occurrence: Occurrence): boolean {
  const goes = Deliveries.of(artefacts)
    .in(workflow)
    .filter((one) => one.job === job && rollsBack(one));
  return goes.length === 0 || goes.some(({ use }) => whyLeftOut(job, use.step, occurrence) === undefined);
}
