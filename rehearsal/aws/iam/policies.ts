import { LockstepError } from '../../../contract';
import { type NamedPolicy, parsePolicy, type PolicySet } from '../../../proofs/iam';
import { AWS_MANAGED } from './aws-managed';
import type { IamState, StoredPolicy, StoredRole } from './state';

/** Policies of a role, read once: a role whose policies change is another object. */
const read = new WeakMap<StoredRole, PolicySet>();

/**
 * What a role may do.
 *
 * @throws LockstepError `UnsupportedPolicy` where a policy cannot be read: nothing is decided by half of a role
 */
export function policiesOf(role: StoredRole, state: IamState): PolicySet {
  const before = read.get(role);
  if (before) return before;
  const attached = role.managedPolicyArns.map((arn) => managed(arn, role, state));
  const policies: PolicySet = {
    identity: [...role.policies, ...attached].map(parsed),
    ...(role.boundary !== undefined && { boundary: [parsed(managed(role.boundary, role, state))] }),
  };
  read.set(role, policies);
  return policies;
}

const parsed = ({ name, document }: StoredPolicy): NamedPolicy<'identity'> =>
  parsePolicy(name, document, 'identity');

function managed(arn: string, { place, name }: StoredRole, state: IamState): StoredPolicy {
  const policy = state.managedPolicies.get(arn) ?? AWS_MANAGED.get(arn);
  if (policy) return policy;
  throw new LockstepError('UnsupportedPolicy', {
    place: `${place} (role ${name})`,
    value: arn,
    allowed: `a managed policy of the templates, or ${[...AWS_MANAGED.keys()].join(', ')}`,
    change: 'declare the policy in a stack, for what it allows cannot be read',
  });
}
