import type { Decision, PolicySet } from '../../../proofs/iam';
import type { Question } from '../service';

/**
 * The sentence with which AWS denies a call.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
 */
export function denialOf(
  caller: string,
  { action, resource, policies = [] }: Question,
  decision: Decision,
  { identity, boundary = [] }: PolicySet,
): string {
  const what = `User: ${caller} is not authorized to perform: ${action} on resource: ${resource}`;
  if (decision.effect === 'explicitlyDenied') {
    const name = decision.statement?.policy;
    const [kind] = [
      ...(identity.some((policy) => policy.name === name) ? ['an identity-based policy'] : []),
      ...(boundary.some((policy) => policy.name === name) ? ['a permissions boundary'] : []),
      'a resource-based policy',
    ];
    return `${what} with an explicit deny in ${kind}`;
  }
  const missing = (prefix: string): boolean => decision.because.every((reason) => reason.startsWith(prefix));
  if (missing('boundary: ')) return `${what} because no permissions boundary allows the ${action} action`;
  const kind = policies.length > 0 && missing('resource policy: ') ? 'resource' : 'identity';
  return `${what} because no ${kind}-based policy allows the ${action} action`;
}
