import type { NamedPolicy } from '../iam';
import { conditionKey } from './issuer';
import type { Switchable } from './strangers';

const KEYS: Readonly<Record<Switchable, readonly string[]>> = {
  job_workflow_ref: [conditionKey('job_workflow_ref')],
  'repository ids': [conditionKey('repository_id'), conditionKey('repository_owner_id')],
};

/** What a role without the condition no longer refuses. */
export const LOSSES: Readonly<Record<Switchable, string>> = {
  job_workflow_ref:
    'any workflow file of the repository gets in, and one on any branch that its GitHub environment admits',
  'repository ids': 'whoever takes over a freed name of the owner or the repository gets in',
};

/** Conditions that no statement of the trust tests: a setting has switched them off. */
export function switchedOff(policy: NamedPolicy<'trust'>): readonly Switchable[] {
  const tested = new Set(
    policy.statements.flatMap(({ conditions }) => conditions.map(({ key }) => key.toLowerCase())),
  );
  return (['job_workflow_ref', 'repository ids'] as const).filter((name) =>
    KEYS[name].every((key) => !tested.has(key)),
  );
}
