import type { Fault } from '../contract';
import type { Artefacts, TemplateRole } from './artefacts';
import {
  answer,
  isFederated,
  LOSSES,
  readTrust,
  type Stranger,
  strangersOf,
  type Switchable,
  promisedSignIns,
  type PromisedSignIn,
  switchedOff,
  trustShape,
  unusedValues,
} from './claims';
import type { NamedPolicy } from './iam';
import { nodeBucketStrangers } from './node/bucket';
import { hardeningFaults } from './node/hardening';
import { nodeStrangerRoles } from './node/reach';
import { nodeStrangerFaults } from './node/strangers';
import { nodeSubnetFaults } from './node/subnet';
import { topicFaults } from './notices/topic';
import { testListenerStrangers } from './service/strangers';
import type { Proof, ProofResult } from './proof';

/** Shows that nobody else than the own jobs gets a session. */
export const strangersProof: Proof = {
  code: 'P03',
  name: 'strangers',
  claim:
    'A catalogue of hostile claims is refused by every role, and each trust tests them by equality. Nobody reaches a node: no port is open but those of a declared route, no subnet of it is public, pods do not get its role, run without rights on it and reach nothing but what a policy names, no role of another job may send its document, and its bucket lets nobody in. Nobody outside of its network reaches the listener on which a version is tested. Mail about a target is encrypted and written by its role alone.',
  why: 'A trust policy that is one star too wide lets every fork, branch or repository of GitHub deploy.',
  reads: [
    'trust policies of the templates',
    'names of the manifest',
    'jobs and triggers of the workflow files',
    'instances, subnets and their routes, security groups, buckets and policies of job roles in the templates, rendered manifests',
    'topics of notices, their policies and subscriptions in the templates',
  ],
  limits:
    'It tries strangers that differ from an own job in one thing. Jobs with the same subject and the same workflow file are one to AWS. Who may push to a trusted branch or tag is the rule of GitHub, not of the role. The * behind a tag crosses slashes at AWS but not at GitHub. Which subnet of another stack a node lies in is told by the name of the output, which the CDK makes of that of the subnet. The network of a service is any one of its account and region in the templates. Whoever may deploy to a node is administrator of its cluster: the role writes the manifests that are applied there with all rights.',
  check(artefacts) {
    const { manifest, roles, resources, workflows } = artefacts;
    const { signIns } = promisedSignIns(workflows, manifest.repository);
    const own = new Map<string | undefined, PromisedSignIn[]>();
    for (const signIn of signIns) own.set(signIn.role, [...(own.get(signIn.role) ?? []), signIn]);
    const unnamed = resources.filter(
      ({ type, properties }) => type === 'AWS::IAM::Role' && typeof properties.RoleName !== 'string',
    );
    const tried: Tried = new Map();
    const judged = roles
      .filter(({ trust }) => isFederated(trust))
      .map((role) => judge(role, own.get(role.arn) ?? [], artefacts, tried));
    const nodes = [
      nodeStrangerFaults(artefacts),
      nodeStrangerRoles(artefacts),
      nodeBucketStrangers(artefacts),
      nodeSubnetFaults(artefacts),
      hardeningFaults(artefacts),
      testListenerStrangers(artefacts),
      topicFaults(artefacts),
    ];
    return {
      checked: sumOf(nodes) + unnamed.length + judged.reduce((sum, { checked }) => sum + checked, 0),
      findings: [
        ...unnamed
          .filter(({ properties }) => isFederated(properties.AssumeRolePolicyDocument))
          .map(({ path }) => unnamedRole(path)),
        ...judged.flatMap(({ findings }) => findings),
        ...nodes.flatMap(({ findings }) => findings),
      ],
      notes: notesOf(judged.flatMap(({ unguarded }) => unguarded)),
    };
  },
};

const sumOf = (parts: readonly ProofResult[]): number => parts.reduce((sum, { checked }) => sum + checked, 0);

/** Who was tried on a trust, and who was let in. */
type Tried = Map<string, Record<'strangers' | 'accepted', readonly Stranger[]>>;

/** Strangers that a role lets in because a condition is switched off. */
interface Unguarded {
  readonly role: string;
  readonly condition: Switchable;
  readonly names: readonly string[];
}

interface Judged {
  readonly checked: number;
  readonly findings: readonly Fault[];
  readonly unguarded: readonly Unguarded[];
}

function judge(
  role: TemplateRole,
  signIns: readonly PromisedSignIn[],
  artefacts: Artefacts,
  tried: Tried,
): Judged {
  const { policy, fault } = readTrust(role);
  if (!policy) return { checked: 1, findings: [fault], unguarded: [] };
  const runs = signIns.flatMap((signIn) => signIn.runs.map(({ run }) => run));
  // Roles with the same trust and the same jobs, as for building and scanning, answer alike.
  const key = JSON.stringify([role.account, role.trust, runs]);
  const strangers = tried.get(key)?.strangers ?? strangersOf(role, signIns, artefacts);
  const accepted =
    tried.get(key)?.accepted ?? strangers.filter(({ attempt }) => answer(policy, attempt).accepted);
  tried.set(key, { strangers, accepted });

  const off = switchedOff(policy);
  const guarded = accepted.filter(({ heldBy }) => heldBy === undefined || !off.includes(heldBy));
  const shape = trustShape(role, policy);
  const values = unusedValues(role, policy, runs);
  return {
    checked: strangers.length + shape.checked + values.checked,
    findings: [...shape.faults, ...values.faults, ...acceptedFaults(role, policy, guarded)],
    unguarded: off.flatMap((condition) => {
      const names = accepted.filter(({ heldBy }) => heldBy === condition).map(({ name }) => name);
      return names.length === 0 ? [] : [{ role: role.name, condition, names }];
    }),
  };
}

/** Names that a note lists before it counts. */
const LISTED = 6;

/** One note for each condition that is switched off somewhere. */
function notesOf(unguarded: readonly Unguarded[]): readonly string[] {
  return [...new Set(unguarded.map(({ condition }) => condition))].map((condition) => {
    const affected = unguarded.filter((entry) => entry.condition === condition);
    const names = [...new Set(affected.flatMap((entry) => entry.names))];
    const more = names.length > LISTED ? ` and ${names.length - LISTED} more` : '';
    return `${affected.map(({ role }) => role).join(', ')}: without ${condition}, ${LOSSES[condition]}; let in were ${names.slice(0, LISTED).join(', ')}${more}`;
  });
}

/** One finding for each part of the trust that strangers pass, with all their names. */
function acceptedFaults(
  { place, name }: TemplateRole,
  policy: NamedPolicy<'trust'>,
  accepted: readonly Stranger[],
): readonly Fault[] {
  const families = [...new Set(accepted.map(({ family }) => family))];
  return families.flatMap((family) => {
    const [first, ...others] = accepted.filter((stranger) => stranger.family === family);
    if (!first) return [];
    const [because = ''] = answer(policy, first.attempt).because;
    const more = [...new Set(others.map((other) => other.name))].filter((other) => other !== first.name);
    return [
      {
        place: `${place}, trust`,
        value: `${name} lets in: ${first.name} (${first.reason}) with ${claimsOf(first)}; ${because}${
          more.length > 0 ? `; likewise ${more.join(', ')}` : ''
        }`,
        allowed: 'the own jobs of the role and nobody else',
        change: CHANGES[family],
      },
    ];
  });
}

const CHANGES: Readonly<Record<Stranger['family'], string>> = {
  repository: 'test sub with StringEquals for this repository only, in both forms',
  context: 'test sub with StringEquals for this environment, or this branch or tag',
  'workflow file': 'test job_workflow_ref with StringEquals in every statement',
  ids: 'test repository_id and repository_owner_id with StringEquals in every statement',
  audience: 'test aud with StringEquals for the audience that the jobs ask for',
  subject: 'test sub with StringEquals for whole subjects',
  provider: 'let only the GitHub provider of the account in, by sts:AssumeRoleWithWebIdentity',
};

/** The claims that matter, as the token has them. */
function claimsOf({ attempt: { context, provider, action } }: Stranger): string {
  const claims = Object.entries(context)
    .filter(([key]) => /:(aud|sub|job_workflow_ref|repository_id|repository_owner_id)$/.test(key))
    .map(([key, value]) => `${key.slice(key.lastIndexOf(':') + 1)} "${String(value)}"`);
  return [action, `provider ${provider}`, ...claims].join(', ');
}

const unnamedRole = (place: string): Fault => ({
  place,
  value: 'a role without a name of its own that trusts an identity provider',
  allowed: 'roles with a literal RoleName, which can be told apart',
  change: 'name the role, or remove the federated principal from its trust',
});
