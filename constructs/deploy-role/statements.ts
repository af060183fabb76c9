import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { AwsCall } from '../../contract';

/**
 * The policy statements that allow exactly the given calls. Calls on the same resources under the same
 * conditions share a statement; the order does not depend on the order of the calls.
 */
export function statementsFor(calls: readonly AwsCall[]): PolicyStatement[] {
  const groups = new Map<
    string,
    { resources: string[]; context: Record<string, string>; actions: Set<string> }
  >();
  for (const call of calls) {
    const resources = [...call.resources].sort();
    const context = Object.fromEntries(
      Object.entries(call.context ?? {}).sort(([a], [b]) => a.localeCompare(b)),
    );
    const group = groups.get(JSON.stringify([resources, context]));
    if (group) group.actions.add(call.action);
    else
      groups.set(JSON.stringify([resources, context]), {
        resources,
        context,
        actions: new Set([call.action]),
      });
  }
  return [...groups.entries()]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(
      ([, { resources, context, actions }]) =>
        new PolicyStatement({ actions: [...actions].sort(), resources, conditions: conditionsFor(context) }),
    );
}

/** ARNs are compared as ARNs, everything else as text. */
function conditionsFor(context: Record<string, string>): Record<string, Record<string, string>> {
  const conditions: Record<string, Record<string, string>> = {};
  for (const [key, value] of Object.entries(context)) {
    const operator = value.startsWith('arn:') ? 'ArnEquals' : 'StringEquals';
    conditions[operator] = { ...conditions[operator], [key]: value };
  }
  return conditions;
}
