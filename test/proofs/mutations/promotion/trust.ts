import type { Mutation } from '../../sample';
import { inJob } from '../in-job';
import { drop, roleNamed, test, trustOf, type TrustStatement } from '../trust';
import { CHECKS, ENDPOINT_STAGING as STAGING, PROMOTE } from '../workflow-names';

const ROLE = `${STAGING}-inspect`;

function inTrust(
  name: string,
  change: (statement: TrustStatement) => void,
  owner: Mutation['owner'] = 'P03',
  place: Mutation['place'] = new RegExp(`^${STAGING}/Inspect`),
): Mutation {
  return {
    name,
    owner,
    place,
    apply: (sample) => {
      const [statement] = trustOf(roleNamed(sample, ROLE));
      if (!statement) throw new Error(`${ROLE} trusts nobody`);
      change(statement);
    },
  };
}

const SUBJECTS = [
  'repo:octo-org/ml-platform:pull_request',
  'repo:octo-org@123456/ml-platform@456789:pull_request',
];
const REPOSITORY = 'octo-org/ml-platform/.github/workflows';

/** The role of jobs without environment: pull requests and other files must not get it. */
export const INSPECT_TRUST_MUTATIONS: readonly Mutation[] = [
  inTrust('the role that inspects trusts pull requests too', (statement) => {
    const { StringEquals: keys = {} } = statement.Condition ?? {};
    const claim = Object.keys(keys).find((key) => key.endsWith(':sub')) ?? '';
    keys[claim] = [...[keys[claim]].flat(), ...SUBJECTS];
  }),
  inTrust('the role that inspects trusts any file', (statement) => {
    drop(statement, 'job_workflow_ref');
    test(statement, 'StringLike', 'job_workflow_ref', `${REPOSITORY}/*@refs/heads/main`);
  }),
  inTrust('the role that inspects trusts any ref', (statement) =>
    test(statement, 'StringLike', 'sub', 'repo:octo-org/ml-platform:*'),
  ),
  inTrust(
    'the role that inspects trusts the checks alone',
    (statement) =>
      test(statement, 'StringEquals', 'job_workflow_ref', `${REPOSITORY}/${CHECKS}@refs/heads/main`),
    'P02',
    /bikeshare-promote-production\.yml:\d+ resolve\/Sign in to AWS/,
  ),
  {
    name: 'a resolution that waits in the environment that it is for',
    owner: 'P02',
    place: /bikeshare-promote-production\.yml:\d+ resolve\/Sign in to AWS/,
    apply: (sample) =>
      inJob(
        sample,
        PROMOTE,
        'resolve',
        '    timeout-minutes: 10\n',
        '    environment:\n      name: production\n    timeout-minutes: 10\n',
      ),
  },
  {
    name: 'a job of pull requests that may mint tokens',
    owner: 'P02',
    place: /bikeshare-ci\.yml:\d+ quality/,
    apply: (sample) =>
      inJob(
        sample,
        CHECKS,
        'quality',
        '      contents: read # checks out the repository\n',
        '      contents: read # checks out the repository\n      id-token: write\n',
      ),
  },
];
