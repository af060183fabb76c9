import type { WorkloadEntry } from '../../contract';
import type { Artefacts, Job, Step } from '../artefacts';
import { commandsOfStep } from './commands';
import { Deliveries, type TargetJob } from './deliveries';

/** A deployment that promotes: the workload, and the environment that it takes image and model from. */
export interface Promotion {
  readonly workload: WorkloadEntry;
  readonly before: string;
}

/**
 * What a deployment promotes, by the manifest. The first environment of a workload gets what its own run built, and
 * so does every environment of a workload that one run takes through all of them.
 *
 * @returns undefined for those
 */
export function promotionOf(artefacts: Artefacts, { use, environment }: TargetJob): Promotion | undefined {
  const workload = Deliveries.of(artefacts).workloadOf(use);
  if (workload?.delivery !== 'byPromotion') return undefined;
  const before = workload.environments[workload.environments.indexOf(environment) - 1];
  return before === undefined ? undefined : { workload, before };
}

/** Verb that tells what an environment runs. */
export const RESOLVE = 'resolve';

/** Steps that resolve, whatever they resolve. */
export const resolveSteps = ({ steps }: Job): readonly Step[] =>
  steps.filter((step) => commandsOfStep(step).some(({ verb }) => verb === RESOLVE));
