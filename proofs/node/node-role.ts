import { type Fault, LockstepError } from '../../contract';
import type { Artefacts, Resource, TemplateRole } from '../artefacts';
import { beyondNeeds } from '../calls/execution-role-grants';
import type { Need } from '../calls/need';
import { managedPolicies, policiesOf } from '../calls/role-review';
import { letsIn } from '../calls/service-trust';
import { ecrImages } from '../calls/ecr-images';
import { evaluate, type PolicySet } from '../iam';
import { list } from './document';
import { instancesOf, launchOf } from './instance';
import { needsOfNode } from './node-needs';
import { nodesOf } from './spec';

/** What is wrong with the roles of nodes. */
export interface NodeRoleFaults {
  readonly checked: number;
  /** What a node needs and its role refuses. */
  readonly missing: readonly Fault[];
  /** What the role lets be done besides: whoever is root on the node has its session. */
  readonly beyond: readonly Fault[];
}

const SERVICE = 'ec2.amazonaws.com';

/** The role of each node: EC2 gets a session, may do what the node needs, and nothing else. */
export function nodeRoleFaults(artefacts: Artefacts): NodeRoleFaults {
  const { manifest, resources } = artefacts;
  const managed = managedPolicies(resources);
  const parts = nodesOf(manifest).flatMap((node) =>
    instancesOf(node, resources).map((instance): NodeRoleFaults => {
      const roles = nodeRolesOf(instance, artefacts);
      const [role, ...others] = roles;
      if (!role || others.length > 0) return { checked: 1, missing: [withoutRole(instance)], beyond: [] };
      const place = `${role.place}, policies of ${role.name}`;
      const { policies, faults } = policiesOf(role, place, managed);
      const images = ecrImages(manifest).filter(({ id }) => node.target.images.includes(id));
      const needs = needsOfNode(node, images);
      return {
        checked: needs.length + 2,
        missing: [
          ...letsIn({ role, service: SERVICE }),
          ...faults,
          // Nothing is evaluated against half of a role.
          ...(faults.length > 0 ? [] : needs.flatMap((need) => refused(need, policies, place))),
        ],
        beyond: beyondNeeds(role, policies, needs, place, 'whoever is root on the node has its role'),
      };
    }),
  );
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    missing: parts.flatMap(({ missing }) => missing),
    beyond: parts.flatMap(({ beyond }) => beyond),
  };
}

/** Roles that an instance has by its profile. */
export function nodeRolesOf(instance: Resource, { resources, roles }: Artefacts): readonly TemplateRole[] {
  const profile = launchOf(instance, resources).IamInstanceProfile;
  const profiles = resources.filter(
    ({ type, stack, logicalId, properties }) =>
      type === 'AWS::IAM::InstanceProfile' &&
      stack === instance.stack &&
      (String(profile) === `<Ref ${logicalId}>` ||
        (profile !== undefined && properties.InstanceProfileName === profile)),
  );
  const named = profiles.flatMap(({ properties }) => list(properties.Roles)).map(String);
  return roles.filter(({ name, stack }) => stack === instance.stack && named.includes(name));
}

const withoutRole = ({ path }: Resource): Fault => ({
  place: path,
  value: 'no role, or one that the template does not make',
  allowed: 'an instance profile with one role of the same template',
  change: 'give the instance a role of its own',
});

function refused({ actions, called, tested }: Need, policies: PolicySet, place: string): readonly Fault[] {
  return called.flatMap((resource) =>
    actions.flatMap((action): readonly Fault[] => {
      try {
        const context = tested ? { [tested.key]: tested.value } : {};
        const { effect, because } = evaluate(policies, { action, resource, context });
        if (effect === 'allowed') return [];
        return [
          {
            place,
            value: `${action} on ${resource}: ${because.join('; ')}`,
            allowed: `what the node does: ${actions.join(', ')} on ${called.join(', ')}`,
            change: 'allow it in the role of the node',
          },
        ];
      } catch (error) {
        if (!LockstepError.is(error)) throw error;
        return error.faults.map((fault) => ({ ...fault, place: `${place}, ${fault.place}` }));
      }
    }),
  );
}
