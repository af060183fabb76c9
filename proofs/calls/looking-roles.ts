import type { DeployManifest, Fault } from '../../contract';
import type { IamReference } from '../iam';
import { type Grant, hasWildcard } from './grants';

/** Levels of access at which AWS says that an action changes nothing. */
const LOOKS: ReadonlySet<string> = new Set(['Read', 'List']);

/**
 * Actions that change something in a role that jobs without environment assume to look: nobody approves those jobs.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html
 */
export function changingGrantFaults(
  arn: string,
  { action, place: statement }: Grant,
  place: string,
  { roles }: DeployManifest,
  reference: IamReference,
): readonly Fault[] {
  const role = roles.find((entry) => entry.arn === arn);
  // A wildcard is a finding whatever stands behind it.
  if (role?.purpose !== 'inspect' || hasWildcard(action)) return [];
  const { accessLevel } = reference.action(action);
  if (LOOKS.has(accessLevel)) return [];
  return [
    {
      place: `${place}, ${statement}`,
      value: `${action}, which AWS lists as ${accessLevel}`,
      allowed: `actions with the access level ${[...LOOKS].join(' or ')}: the role is there to inspect`,
      change: 'grant it to a role whose jobs wait for the protection of an environment',
    },
  ];
}
