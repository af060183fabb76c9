import { editJob, resourcesOfStack } from '../proofs/sample';
import { both, type Change, inCommand, type Sabotage, withoutGrant } from './sabotage-changes';
import type { Start } from './stage';

const CD = 'bikeshare-cd-staging';
const PROMOTION = 'bikeshare-promote-production';
const CI = 'bikeshare-ci';
const STAGING = 'ml-platform-bikeshare-staging';
const DEPLOYING: Start = { within: `${CD} good`, before: 'deploy-staging' };
const PROMOTING: Start = { after: `${CD} good` };

const inJob =
  (workflow: string, job: string, from: string | RegExp, to: string): Change =>
  (rehearsed) =>
    editJob(rehearsed, `${workflow}.yml`, job, from, to);

const MODELS = 'ml-platform-bikeshare-models';

/** The other account may not read models any more. */
const withoutBucketPolicy: Change = (rehearsed) => {
  const resources = resourcesOfStack(rehearsed, MODELS);
  const policies = Object.entries(resources).filter(([, { Type, Properties }]) => {
    const text = JSON.stringify(Properties);
    return Type === 'AWS::S3::BucketPolicy' && text.includes('s3:GetObject');
  });
  if (policies.length !== 1) throw new Error(`${policies.length} policies of ${MODELS} let somebody read`);
  for (const [id] of policies) Reflect.deleteProperty(resources, id);
};

/** Defects of endpoints, of promotions, and of the checks before. */
export const PROMOTION_SABOTAGES: readonly Sabotage[] = [
  {
    name: 'B05 the model of an input takes the place of what was resolved',
    scenario: `${PROMOTION} good`,
    from: { within: `${PROMOTION} good`, before: 'deploy-production' },
    shows: ['job deploy-production', 'failure'],
    apply: inJob(PROMOTION, 'deploy-production', /MODEL: s3:.*/, 'MODEL: ${{ inputs.model }}'),
  },
  {
    name: 'B05 the promotion looks at the environment that it is to change',
    scenario: `${PROMOTION} good`,
    from: PROMOTING,
    shows: ['job resolve', 'failure'],
    apply: inJob(PROMOTION, 'resolve', '--environment staging', '--environment production'),
  },
  {
    name: 'B05 B08 the model of an input becomes a part of the script',
    scenario: `${PROMOTION} model: hostile`,
    from: PROMOTING,
    shows: ['log of resolve', ''],
    apply: inJob(PROMOTION, 'resolve', '"$MODEL"', '"${{ inputs.model }}"'),
  },
  {
    name: 'B05 the version of the model is lost between the jobs',
    scenario: `${PROMOTION} model: replaced`,
    from: PROMOTING,
    shows: ['job deploy-production', 'success'],
    apply: inCommand(/(withoutBucket = .*\? key : )`.*`;/, '$1key;'),
  },
  {
    name: 'B05 B08 a model in the bucket of somebody else is resolved',
    scenario: `${PROMOTION} model: foreign`,
    from: PROMOTING,
    shows: ['job resolve', 'success'],
    apply: inCommand(/if \(named\w*\) checkModel\w*\(manifest\w*, entry\w*, named\w*\);/, ''),
  },
  {
    name: 'B05 what failed its test is recorded as released',
    scenario: `${CD} sagemaker:way-back-fails`,
    from: DEPLOYING,
    shows: ['staging: released image', 'new'],
    apply: inCommand(/if \(!failure\w*\) (await deployer\.confirm\?\.\(receipt)/, '$1'),
  },
  {
    name: 'B06 the structure of the answer is not looked at',
    scenario: `${CD} sagemaker:wrong-schema`,
    from: DEPLOYING,
    shows: ['staging: runs', 'new'],
    apply: inCommand(/\.flatMap\(\(\{ body \}\) => schema\(body\)\)/, '.flatMap(() => [])'),
  },
  {
    name: 'B01 a check of the sources is swallowed',
    scenario: `${CI} check:bandit`,
    from: 'stacksDeployed',
    shows: ['job quality', 'success'],
    apply: inJob(CI, 'quality', '--recursive .', '--recursive . || true'),
  },
  {
    name: 'B02 the inspection signs in to the other environment',
    scenario: `${CI} push`,
    from: 'stacksDeployed',
    shows: ['job inspect-staging', 'failure'],
    apply: both(
      inJob(
        CI,
        'inspect-staging',
        /111111111111:role\/.*/,
        '222222222222:role/ml-platform-bikeshare-production-inspect',
      ),
      inJob(
        CI,
        'inspect-staging',
        "allowed-account-ids: '111111111111'",
        "allowed-account-ids: '222222222222'",
      ),
    ),
  },
  {
    name: 'B03 the role that inspects may not read templates',
    scenario: `${CI} push`,
    from: 'stacksDeployed',
    shows: ['job inspect-staging', 'failure'],
    apply: withoutGrant(`${STAGING}-inspect`, 'cloudformation:GetTemplate'),
  },
  {
    name: 'B07 the bucket does not let the other account read models',
    scenario: `${CD} good`,
    from: DEPLOYING,
    shows: ['job deploy-staging', 'failure'],
    apply: withoutBucketPolicy,
  },
];
