import { type NamedPolicy, parsePolicy } from '../../proofs/iam';

/**
 * Policies of a resource, as a question carries them. A resource that may have a policy but has none counts as
 * one that allows nothing: within its account that changes nothing, and nobody of another account may do
 * anything.
 *
 * @param resource printed in explanations
 * @param document policy document; undefined where there is none
 * @throws LockstepError `UnsupportedPolicy`
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export function resourcePolicies(resource: string, document: unknown): readonly NamedPolicy<'resource'>[] {
  const name = `policy of ${resource}`;
  if (document !== undefined) return [parsePolicy(name, document, 'resource')];
  return [{ name, kind: 'resource', version: '2012-10-17', statements: [] }];
}
