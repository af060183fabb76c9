import { type Fault, LockstepError, type TargetEntry } from '../../contract';
import type { Artefacts, Resource, TemplateRole } from '../artefacts';
import { evaluate, type PolicySet } from '../iam';
import { type EndpointSpec, endpointOf } from './endpoint-spec';
import { needsOf } from './execution-role-needs';
import { ecrImages } from './ecr-images';
import { beyondNeeds } from './execution-role-grants';
import type { Need } from './need';
import { policyOfResource } from './resource-policies';
import { managedPolicies, policiesOf } from './role-review';
import { letsIn, letsOthersIn } from './service-trust';

/** What is wrong with the roles that endpoints work with. */
export interface ExecutionRoleFaults {
  readonly checked: number;
  /** Sign-ins and calls of SageMaker that are refused. */
  readonly missing: readonly Fault[];
  /** What the roles let be done besides. */
  readonly beyond: readonly Fault[];
}

const SERVICE = 'sagemaker.amazonaws.com';
/** Why the role must grant no more. */
const SHARED = 'the container of the model has the same role';

/** The role of each endpoint: SageMaker gets a session, may do what an endpoint needs, and nothing else. */
export function executionRoleFaults(artefacts: Artefacts): ExecutionRoleFaults {
  const managed = managedPolicies(artefacts.resources);
  const parts = artefacts.manifest.targets.flatMap((target) => {
    const read = endpointOf(target);
    // What is no spec, and a role that no template makes, is found among the names.
    if (!read || 'unread' in read) return [];
    const role = artefacts.roles.find(({ arn }) => arn === read.spec.executionRoleArn);
    return role ? [reviewOf(artefacts, target, read.spec, role, managed)] : [];
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    missing: parts.flatMap(({ missing }) => missing),
    beyond: parts.flatMap(({ beyond }) => beyond),
  };
}

function reviewOf(
  { manifest, resources }: Artefacts,
  target: TargetEntry,
  spec: EndpointSpec,
  role: TemplateRole,
  managed: ReadonlyMap<string, Resource>,
): ExecutionRoleFaults {
  const place = `${role.place}, policies of ${role.name}`;
  const { policies, faults } = policiesOf(role, place, managed);
  const images = ecrImages(manifest).filter(({ id }) => target.images.includes(id));
  const needs = needsOf(target, spec, images);
  const trust = { role, service: SERVICE, account: target.account };
  return {
    checked: needs.length + 2,
    missing: [
      ...letsIn(trust),
      ...faults,
      // Nothing is evaluated against half of a role.
      ...(faults.length > 0 ? [] : needs.flatMap((need) => refused(need, role, policies, resources, place))),
    ],
    beyond: [...letsOthersIn(trust), ...beyondNeeds(role, policies, needs, place, SHARED)],
  };
}

/** Calls of a need that the role, or the policy of the resource, does not allow. */
function refused(
  need: Need,
  role: TemplateRole,
  policies: PolicySet,
  resources: readonly Resource[],
  place: string,
): readonly Fault[] {
  const { actions, called } = need;
  return called.flatMap((resource) =>
    actions.flatMap((action) => {
      const because = refusal(role, policies, resources, action, resource, need);
      if (because.length === 0) return [];
      return [
        {
          place,
          value: `${action} on ${resource}: ${because.join('; ')}`,
          allowed: `what SageMaker calls for the endpoint: ${actions.join(', ')} on ${called.join(', ')}`,
          change: 'allow it in the execution role, and in the policy of what lies in another account',
        },
      ];
    }),
  );
}

function refusal(
  role: TemplateRole,
  policies: PolicySet,
  resources: readonly Resource[],
  action: string,
  arn: string,
  { tested }: Need,
): readonly string[] {
  try {
    const owner = policyOfResource(arn, resources);
    const isForeign = owner !== undefined && owner.resource.account !== role.account;
    if (isForeign && !owner.policy) return [`${owner.place} has no policy for account ${role.account}`];
    const { effect, because } = evaluate(
      { ...policies, ...(owner?.policy && { resource: [owner.policy] }) },
      {
        principal: role.arn,
        action,
        resource: arn,
        context: {
          ...(tested && { [tested.key]: tested.value }),
          ...(owner && { 'aws:ResourceAccount': owner.resource.account }),
          'aws:SecureTransport': 'true',
        },
      },
    );
    return effect === 'allowed' ? [] : because;
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((fault) => `${fault.place}: ${fault.value}, allowed ${fault.allowed}`);
  }
}
