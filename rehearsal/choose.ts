import { LockstepError } from '../contract';
import { workflowName } from './report/names';
import type { Scenario } from './scenarios';

/** Which scenarios to run. */
export interface Choice {
  /** Stem of a workflow file, such as `kvs-infer-deploy`. @default - every workflow */
  readonly workflow?: string;
  /** Names of scenarios. @default - all */
  readonly names?: readonly string[];
  /** @default - runs of every event */
  readonly event?: string;
}

/**
 * The scenarios that were chosen, in their order.
 *
 * @throws LockstepError `InvalidArgument` for a workflow, a name or an event that fits none
 */
export function choose(scenarios: readonly Scenario[], choice: Choice): readonly Scenario[] {
  const { workflow, names, event } = choice;
  const stems = [...new Set(scenarios.map((each) => workflowName(each.workflow)))];
  if (workflow !== undefined && !stems.includes(workflowName(workflow)))
    throw unknown('workflow', workflow, stems, 'name one of the emitted workflows');
  const here = scenarios.filter(
    (each) => workflow === undefined || workflowName(each.workflow) === workflowName(workflow),
  );
  for (const name of names ?? []) {
    if (here.every((each) => each.name !== name)) {
      throw unknown(
        '--scenario or --fault',
        name,
        [...new Set(here.map((each) => each.name))],
        'name one of them',
      );
    }
  }
  const found = here.filter(
    ({ name, request }) =>
      (names === undefined || names.includes(name)) && (event === undefined || request.event === event),
  );
  if (found.length === 0) {
    const events = [...new Set(here.map(({ request }) => request.event))];
    throw unknown('--event', event ?? '', events, 'name an event that starts one of the scenarios');
  }
  return found;
}

/** The chosen scenarios with those that lead to where they begin, each behind what it needs. */
export function withPreparation(
  chosen: readonly Scenario[],
  scenarios: readonly Scenario[],
): readonly Scenario[] {
  const byId = new Map(scenarios.map((each) => [each.id, each]));
  const ordered = new Map<string, Scenario>();
  const add = (scenario: Scenario): void => {
    if (ordered.has(scenario.id)) return;
    for (const id of leadingTo(scenario)) {
      const before = byId.get(id);
      if (before) add(before);
    }
    ordered.set(scenario.id, scenario);
  };
  for (const scenario of chosen) add(scenario);
  return [...ordered.values()];
}

/** What has to be performed before a scenario can begin. */
export function leadingTo({ beginning, branchesOff }: Scenario): readonly string[] {
  if (branchesOff) return [branchesOff.from];
  return beginning === 'stacksDeployed' ? [] : [beginning.after];
}

function unknown(place: string, value: string, allowed: readonly string[], change: string): LockstepError {
  return new LockstepError('InvalidArgument', {
    place,
    value: JSON.stringify(value),
    allowed: allowed.join(', '),
    change,
  });
}
