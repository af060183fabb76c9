import { type Fault, LockstepError } from '../../contract';
import type { Artefacts, TemplateRole } from '../artefacts';
import { managedPolicies, policiesOf } from '../calls/role-review';
import { isFederated } from '../claims';
import { evaluate, type IamRequest, type PolicySet } from '../iam';
import type { ProofResult } from '../proof';
import { hostileRequests, ownRequests, type NodeRequest } from './requests-of-strangers';
import { nodesOf, type NodeTarget } from './spec';

/** A role that jobs assume, and what it may do as far as that can be read. */
interface JobRole {
  readonly role: TemplateRole;
  readonly policies: PolicySet;
}

const known = new WeakMap<Artefacts, readonly JobRole[]>();

/** Roles that trust GitHub. What cannot be read of one is a finding beside its calls. */
function jobRoles(artefacts: Artefacts): readonly JobRole[] {
  const before = known.get(artefacts);
  if (before) return before;
  const managed = managedPolicies(artefacts.resources);
  const made = artefacts.roles
    .filter(({ trust }) => isFederated(trust))
    .map((role) => ({ role, policies: policiesOf(role, role.place, managed).policies }));
  known.set(artefacts, made);
  return made;
}

/** Names of the roles that may work on a node. */
function ownRoles({ manifest }: Artefacts, { target }: NodeTarget): ReadonlySet<string> {
  const ids = [target.deployRole, target.rollbackRole];
  return new Set(manifest.roles.filter(({ id }) => ids.includes(id)).map(({ arn }) => arn));
}

/**
 * The roles of a node run its document there and nothing else: no document of AWS, of a sibling or of somebody, on no
 * other machine, and they write nowhere but below the runs of its bucket.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/run-command-setting-up.html
 */
export function nodeReachFaults(artefacts: Artefacts): ProofResult {
  const nodes = nodesOf(artefacts.manifest);
  return judged(
    nodes.flatMap((node) => {
      const own = ownRoles(artefacts, node);
      return jobRoles(artefacts)
        .filter(({ role }) => own.has(role.arn))
        .map((role) => ({ role, requests: hostileRequests(node, nodes) }));
    }),
    'what the document of its own node does, on that node, with the objects of its own runs',
  );
}

/** Of all roles that jobs assume, those of a node alone may send its document or touch the objects of its runs. */
export function nodeStrangerRoles(artefacts: Artefacts): ProofResult {
  return judged(
    nodesOf(artefacts.manifest).flatMap((node) => {
      const own = ownRoles(artefacts, node);
      return jobRoles(artefacts)
        .filter(({ role }) => !own.has(role.arn))
        .map((role) => ({ role, requests: ownRequests(node) }));
    }),
    'nothing at a node that is not its own',
  );
}

function judged(
  asked: readonly { readonly role: JobRole; readonly requests: readonly NodeRequest[] }[],
  allowed: string,
): ProofResult {
  return {
    checked: asked.reduce((sum, { requests }) => sum + requests.length, 0),
    findings: asked.flatMap(({ role, requests }) =>
      requests.flatMap((request) => reached(role, request, allowed)),
    ),
  };
}

function reached(
  { role, policies }: JobRole,
  { what, request }: NodeRequest,
  allowed: string,
): readonly Fault[] {
  const decision = decided(policies, request);
  if (decision === undefined) return [];
  return [
    {
      place: `${role.place} (role ${role.name})${decision.where}`,
      value: `${request.action} on ${request.resource} (${what}): ${decision.because}`,
      allowed,
      change: 'name document, tag and prefix of the node in the resources and conditions of the role',
    },
  ];
}

/** @returns undefined for a call that is refused, and for one of which nobody can say */
function decided(
  policies: PolicySet,
  request: IamRequest,
): { readonly because: string; readonly where: string } | undefined {
  try {
    const { effect, because, statement } = evaluate(policies, request);
    if (effect !== 'allowed') return undefined;
    return {
      because: because.join('; '),
      where: statement ? `, policy "${statement.policy}", Statement[${statement.index}]` : '',
    };
  } catch (error) {
    // What a policy holds beyond the model is a finding beside the calls.
    if (LockstepError.is(error)) return undefined;
    throw error;
  }
}
