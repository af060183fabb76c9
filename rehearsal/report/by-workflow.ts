import { workflowName } from './names';

/** Scenarios in groups, by the name of their workflow, in the order in which workflows come first. */
export function byWorkflow<Of extends { readonly workflow: string }>(
  scenarios: readonly Of[],
): ReadonlyMap<string, readonly Of[]> {
  const groups = new Map<string, readonly Of[]>();
  for (const scenario of scenarios) {
    const name = workflowName(scenario.workflow);
    groups.set(name, [...(groups.get(name) ?? []), scenario]);
  }
  return groups;
}
