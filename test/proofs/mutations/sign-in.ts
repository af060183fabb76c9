import { editJob, editWorkflow, type Mutation, resourcesOfStack } from '../sample';
import { PATH_MUTATIONS } from './calls/attached';
import { DEPLOY, PRODUCTION, PUBLISH, SCAN, signInOf, WAY_BACK } from './names';
import { copyOfTrust, roleNamed, trustOf } from './trust';
import { TRUST_MUTATIONS } from './trust-defects';

const ROLLBACK = 'kvs-infer-rollback.yml';
const roleLine = (name: string, account: string): string =>
  `role-to-assume: arn:aws:iam::${account}:role/${name}\n`;

/** Mutations of the text of one job. */
function inJob(
  name: string,
  job: string,
  from: string | RegExp,
  to: string,
  place = signInOf(job),
): Mutation {
  return { name, owner: 'P02', place, apply: (sample) => editJob(sample, DEPLOY, job, from, to) };
}

const STEP_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a job of tests that may mint tokens',
    owner: 'P02',
    place: /kvs-infer-deploy\.yml:\d+ test, permissions/,
    apply: (sample) =>
      editJob(
        sample,
        'kvs-infer-deploy.yml',
        'test',
        /(contents: read)/,
        'contents: read\n      id-token: write',
      ),
  },
  {
    name: 'two role ARNs are swapped',
    owner: 'P02',
    place: signInOf('build'),
    apply: (sample) => {
      const [publish, deploy] = [roleLine(PUBLISH, '222222222222'), roleLine(PRODUCTION, '222222222222')];
      editJob(sample, DEPLOY, 'build', publish, deploy);
      editJob(sample, DEPLOY, 'deploy-production', deploy, publish);
    },
  },
  inJob('environment removed', 'deploy-production', / {4}environment:\n {6}name: production\n/, ''),
  inJob('environment in capitals', 'deploy-production', 'name: production\n', 'name: Production\n'),
  inJob(
    'environment of another stage',
    'rollback-production',
    'name: production-rollback\n',
    'name: production\n',
  ),
  inJob(
    'environment from an input',
    'deploy-production',
    'name: production\n',
    'name: ${{ inputs.environment }}\n',
    /kvs-infer-deploy\.yml:\d+ deploy-production, environment/,
  ),
  inJob('role of an unknown account', 'build', ':iam::222222222222:', ':iam::333333333333:'),
  inJob('role from a variable', 'scan', /role-to-assume: .*/, 'role-to-assume: ${{ vars.ROLE }}'),
  inJob('no role', 'scan', / +role-to-assume: .*\n/, ''),
  inJob(
    'no permission to ask for a token',
    'scan',
    / +id-token: write.*\n/,
    '',
    /kvs-infer-deploy\.yml:\d+ scan, permissions/,
  ),
  inJob('id-token: read', 'build', 'id-token: write', 'id-token: read', /:\d+ build, permissions/),
  inJob(
    'another audience',
    'build',
    /( +)aws-region:/,
    '          audience: sigstore\n          aws-region:',
  ),
  inJob('region without stacks', 'build', 'aws-region: us-east-1', 'aws-region: eu-north-1'),
  inJob('account that is not the role’s', 'scan', "'222222222222'", "'111111111111'"),
  inJob('no check of the account', 'scan', / +allowed-account-ids: .*\n/, ''),
  inJob('stored key', 'build', /( +)aws-region:/, '          aws-access-key-id: AKIA\n          aws-region:'),
  {
    name: 'workflow file renamed',
    owner: 'P02',
    place: signInOf('deploy-staging', 'deliver.yml'),
    apply: (sample) => {
      sample.workflows = sample.workflows.map(({ file, text }) => ({
        file: file.replace(DEPLOY, 'deliver.yml'),
        text,
      }));
    },
  },
  {
    name: 'tags of the trigger widened',
    owner: 'P02',
    place: signInOf('build'),
    apply: (sample) => editWorkflow(sample, DEPLOY, /- v\*\n/, "- '*'\n"),
  },
  {
    name: 'another branch starts the delivery',
    owner: 'P02',
    place: signInOf('scan'),
    apply: (sample) => editWorkflow(sample, DEPLOY, '- main\n', '- main\n      - develop\n'),
  },
  {
    name: 'pull requests start the delivery',
    owner: 'P02',
    place: signInOf('build'),
    apply: (sample) => editWorkflow(sample, DEPLOY, '\non:\n', '\non:\n  pull_request:\n'),
  },
  {
    name: 'a trigger whose token is unknown',
    owner: 'P02',
    place: /kvs-infer-rollback\.yml:\d+ on\.workflow_call/,
    apply: (sample) => editWorkflow(sample, ROLLBACK, '\non:\n', '\non:\n  workflow_call:\n'),
  },
  {
    name: 'role deleted',
    owner: 'P02',
    place: signInOf('rollback-production'),
    apply: (sample) => {
      const resources = resourcesOfStack(sample, 'ml-platform-kvs-infer-production');
      const id = Object.keys(resources).find((key) => resources[key] === roleNamed(sample, WAY_BACK));
      Reflect.deleteProperty(resources, String(id));
    },
  },
  {
    name: 'role that nobody assumes',
    owner: 'P02',
    place: 'ml-platform-kvs-infer-images/Spare',
    apply: (sample) => {
      const role = structuredClone(roleNamed(sample, SCAN));
      const named = { ...role, Metadata: {}, Properties: { ...role.Properties, RoleName: 'spare' } };
      resourcesOfStack(sample, 'ml-platform-kvs-infer-images').Spare = named;
    },
  },
  {
    name: 'role of the containers opened to GitHub',
    owner: 'P02',
    place: 'ml-platform-kvs-infer-production/Service',
    apply: (sample) => {
      const federated = copyOfTrust(roleNamed(sample, PRODUCTION));
      trustOf(roleNamed(sample, 'ml-platform-kvs-infer-production-task')).push(federated);
    },
  },
  {
    name: 'id of the repository changed',
    owner: 'P02',
    place: signInOf('build'),
    apply: (sample) => {
      sample.manifest = {
        ...sample.manifest,
        repository: { ...sample.manifest.repository, repositoryId: '456780' },
      };
    },
  },
  {
    name: 'repository renamed',
    owner: 'P02',
    place: signInOf('build'),
    apply: (sample) => {
      sample.manifest = {
        ...sample.manifest,
        repository: { ...sample.manifest.repository, name: 'platform' },
      };
    },
  },
  {
    name: 'provider without the audience',
    owner: 'P02',
    place: signInOf('deploy-staging'),
    apply: (sample) => {
      const provider = Object.values(resourcesOfStack(sample, 'ml-platform-access-staging')).find(
        ({ Type }) => Type === 'AWS::IAM::OIDCProvider',
      );
      if (!provider) throw new Error('no provider');
      provider.Properties.ClientIdList = ['sigstore'];
    },
  },
];

/** Defects of signing in: P02 finds jobs that are refused, P03 strangers who are let in. */
export const SIGN_IN_MUTATIONS: readonly Mutation[] = [
  ...STEP_MUTATIONS,
  ...PATH_MUTATIONS,
  ...TRUST_MUTATIONS,
];
