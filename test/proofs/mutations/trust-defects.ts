import { type Mutation, resourcesOfStack, type Sources } from '../sample';
import { DEPLOY, PRODUCTION, PUBLISH, SCAN, signInOf, STAGING, WAY_BACK } from './names';
import {
  compareBy,
  copyOfTrust,
  drop,
  ISSUER,
  roleNamed,
  subjectsOf,
  test,
  trustOf,
  type TrustStatement,
} from './trust';

const ROOT = 'arn:aws:iam::222222222222:root';

/** Mutations of one trust statement of a role. */
function inTrust(
  name: string,
  role: string,
  change: (statement: TrustStatement, all: TrustStatement[]) => unknown,
  { owner = 'P03', place = placeOf(role), statement = 0 }: Partial<Mutation> & { statement?: number } = {},
): Mutation {
  return {
    name,
    owner,
    place,
    apply: (sample) => {
      const all = trustOf(roleNamed(sample, role));
      const found = all[statement];
      if (!found) throw new Error(`${role} has no trust statement ${statement}`);
      change(found, all);
    },
  };
}

/** Construct path of a role, whether or not the templates tell it. */
function placeOf(role: string): RegExp {
  if (role === PUBLISH) return /^ml-platform-kvs-infer-images\/Publish/;
  if (role === SCAN) return /^ml-platform-kvs-infer-images\/Scan/;
  if (role === STAGING) return /^ml-platform-kvs-infer-staging\/Deploy/;
  return role === WAY_BACK
    ? /^ml-platform-kvs-infer-production\/Rollback/
    : /^ml-platform-kvs-infer-production\/Deploy/;
}

const refusedJob = { owner: 'P02', place: signInOf('deploy-production') } as const;
/** Trust policies that refuse their own jobs, or let strangers in. */
export const TRUST_MUTATIONS: readonly Mutation[] = [
  inTrust('legacy subject dropped', PRODUCTION, (trust) => subjectsOf(trust).shift(), refusedJob),
  inTrust('immutable subject dropped', PRODUCTION, (trust) => subjectsOf(trust).pop(), refusedJob),
  inTrust('statement for tags dropped', PRODUCTION, (_, all) => all.pop(), refusedJob),
  inTrust(
    'key that AWS does not know',
    PRODUCTION,
    (trust) => test(trust, 'StringEquals', 'event_name', 'push'),
    refusedJob,
  ),
  inTrust(
    'subject known at deployment only',
    STAGING,
    (trust) => test(trust, 'StringEquals', 'sub', { Ref: 'Subject' }),
    { place: /^ml-platform-kvs-infer-staging\/Deploy.*trust of/ },
  ),
  inTrust('star behind the repository', PRODUCTION, (trust) => {
    drop(trust, 'sub');
    test(trust, 'StringLike', 'sub', 'repo:octo-org/ml-platform:*');
  }),
  inTrust('star behind the owner', PUBLISH, (trust) => {
    drop(trust, 'sub');
    test(trust, 'StringLike', 'sub', 'repo:octo-org*/ml-platform:ref:refs/heads/main');
  }),
  inTrust('star in the environment', WAY_BACK, (trust) => {
    drop(trust, 'sub');
    test(trust, 'StringLike', 'sub', 'repo:octo-org/ml-platform:environment:production*');
  }),
  inTrust('every branch', SCAN, (trust) => {
    drop(trust, 'sub');
    test(trust, 'StringLike', 'sub', 'repo:octo-org/ml-platform:ref:refs/heads/*');
  }),
  inTrust(
    'every tag',
    PUBLISH,
    (trust) => {
      test(trust, 'StringLike', 'sub', 'repo:octo-org/ml-platform:ref:refs/tags/*');
      test(
        trust,
        'StringLike',
        'job_workflow_ref',
        `octo-org/ml-platform/.github/workflows/${DEPLOY}@refs/tags/*`,
      );
    },
    { statement: 1 },
  ),
  inTrust('repository id by pattern', PUBLISH, (trust) => {
    drop(trust, 'repository_id');
    test(trust, 'StringLike', 'repository_id', '456789*');
  }),
  inTrust('subject without regard to case', STAGING, (trust) => compareBy(trust, 'StringEqualsIgnoreCase')),
  inTrust('audience not tested', PUBLISH, (trust) => drop(trust, 'aud')),
  inTrust('second audience', PUBLISH, (trust) =>
    test(trust, 'StringEquals', 'aud', ['sts.amazonaws.com', 'sigstore']),
  ),
  inTrust('subject not tested', STAGING, (trust) => drop(trust, 'sub')),
  inTrust('subject of another environment', PRODUCTION, (trust) =>
    subjectsOf(trust).push('repo:octo-org/ml-platform:environment:staging'),
  ),
  inTrust('subject of another repository', STAGING, (trust) =>
    subjectsOf(trust).push('repo:mallory/ml-platform:environment:staging'),
  ),
  inTrust('another workflow file', WAY_BACK, (trust) =>
    test(trust, 'StringEquals', 'job_workflow_ref', [
      `octo-org/ml-platform/.github/workflows/${DEPLOY}@refs/heads/main`,
      'octo-org/ml-platform/.github/workflows/ci.yml@refs/heads/main',
    ]),
  ),
  inTrust('workflow file on every ref', PRODUCTION, (trust) => {
    drop(trust, 'job_workflow_ref');
    test(trust, 'StringLike', 'job_workflow_ref', `octo-org/ml-platform/.github/workflows/${DEPLOY}@*`);
  }),
  inTrust('workflow file not tested in one statement', STAGING, (trust) => drop(trust, 'job_workflow_ref')),
  inTrust('owner id not tested in one statement', SCAN, (trust) => drop(trust, 'repository_owner_id')),
  inTrust('ForAllValues', PRODUCTION, (trust) => compareBy(trust, 'ForAllValues:StringEquals')),
  inTrust('IfExists', SCAN, (trust) => compareBy(trust, 'StringEqualsIfExists')),
  inTrust('everybody but pull requests', SCAN, (trust) => {
    drop(trust, 'sub');
    test(trust, 'StringNotEquals', 'sub', 'repo:octo-org/ml-platform:pull_request');
  }),
  inTrust('account beside the provider', PUBLISH, (trust) => {
    trust.Principal = { Federated: trust.Principal.Federated, AWS: ROOT };
  }),
  inTrust('everybody', PUBLISH, (trust) => {
    trust.Principal = { AWS: '*' };
  }),
  inTrust('provider of another account', STAGING, (trust) => {
    trust.Principal = { Federated: `arn:aws:iam::222222222222:oidc-provider/${ISSUER}` };
  }),
  inTrust('provider of an enterprise', STAGING, (trust) => {
    trust.Principal = { Federated: `arn:aws:iam::111111111111:oidc-provider/${ISSUER}/octo-org` };
  }),
  inTrust('second provider', STAGING, (trust) => {
    trust.Principal = {
      Federated: [trust.Principal.Federated, 'arn:aws:iam::111111111111:oidc-provider/gitlab.com'],
    };
  }),
  inTrust('second action', PRODUCTION, (trust) => {
    trust.Action = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'];
  }),
  inTrust('statement for an account', PRODUCTION, (_, all) =>
    all.push({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: ROOT } }),
  ),
  {
    name: 'role without a name opened to GitHub',
    owner: 'P03',
    place: /^ml-platform-kvs-infer-production\/Service\/?Gpu\/(?:Default\/)?InstanceRole/,
    apply: (sample: Sources) => {
      const federated = copyOfTrust(roleNamed(sample, PRODUCTION));
      const unnamed = Object.entries(resourcesOfStack(sample, 'ml-platform-kvs-infer-production')).find(
        ([id, { Type }]) => Type === 'AWS::IAM::Role' && id.startsWith('ServiceGpuInstanceRole'),
      );
      if (!unnamed) throw new Error('no role of the instances');
      trustOf(unnamed[1]).push(federated);
    },
  },
];
