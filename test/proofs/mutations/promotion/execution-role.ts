import { findResource, type Mutation, type Sources } from '../../sample';
import type { Json } from '../calls/edit';
import { ENDPOINT_PRODUCTION as PRODUCTION, ENDPOINT_STAGING as STAGING } from '../workflow-names';

const BUCKET = 'ml-platform-bikeshare-models-222222222222';
const IMAGES = 'ml-platform/bikeshare';

const role = (sample: Sources, stack = PRODUCTION): Json =>
  findResource(sample, 'AWS::IAM::Role', 'RoleName', `${stack}-execution`).Properties;

/** Rewrites text in one property of the role of production. */
function rewrite(sample: Sources, property: string, from: string, to: string, stack = PRODUCTION): void {
  const properties = role(sample, stack);
  const text = JSON.stringify(properties[property]);
  if (!text.includes(from)) throw new Error(`no ${from}`);
  properties[property] = JSON.parse(text.replaceAll(from, to));
}

const inPolicies =
  (from: string, to: string, stack = PRODUCTION) =>
  (sample: Sources) =>
    rewrite(sample, 'Policies', from, to, stack);
const inTrust = (from: string, to: string) => (sample: Sources) =>
  rewrite(sample, 'AssumeRolePolicyDocument', from, to);

const granting = (statement: Json) => (sample: Sources) => {
  const [policy] = role(sample).Policies as { PolicyDocument: { Statement: Json[] } }[];
  policy?.PolicyDocument.Statement.push(statement);
};

const setting = (property: string, value: unknown) => (sample: Sources) => {
  role(sample)[property] = value;
};

/** Sign-ins and calls of SageMaker that are refused. */
const missing = (name: string, apply: Mutation['apply'], place = `of ${PRODUCTION}-execution`): Mutation => ({
  name,
  owner: 'P04',
  place,
  apply,
});

/** What the role lets be done besides. */
const beyond = (name: string, apply: Mutation['apply']): Mutation => ({
  name,
  owner: 'P05',
  place: `of ${PRODUCTION}-execution`,
  apply,
});

/** Roles that SageMaker cannot work with, or that somebody else can. */
export const EXECUTION_ROLE_MUTATIONS: readonly Mutation[] = [
  missing(
    'the execution role is trusted by another service',
    inTrust('sagemaker.amazonaws.com', 'ecs-tasks.amazonaws.com'),
  ),
  missing(
    'the execution role is trusted in the name of another account',
    inTrust('"222222222222"', '"111111111111"'),
  ),
  missing('the execution role may not read the model', inPolicies('"s3:GetObject"', '"s3:GetObjectAcl"')),
  missing(
    'the execution role may not see whether there is a model',
    inPolicies('s3:ListBucket', 's3:GetBucketAcl'),
  ),
  missing('the execution role may not pull', inPolicies('"ecr:BatchGetImage",', '')),
  missing(
    'the execution role may not log in to the registry',
    inPolicies('ecr:GetAuthorizationToken', 'ecr:DescribeRegistry'),
  ),
  missing(
    'the execution role may not see the alarms',
    inPolicies('cloudwatch:DescribeAlarms', 'cloudwatch:ListMetrics'),
  ),
  missing('the execution role may not count', inPolicies('"/aws/sagemaker/Endpoints"', '"Endpoints"')),
  missing(
    'the execution role is denied its logs',
    granting({ Effect: 'Deny', Action: 'logs:*', Resource: '*' }),
  ),
  missing(
    'the execution role has a boundary that nobody can read',
    setting('PermissionsBoundary', 'arn:aws:iam::222222222222:policy/none'),
  ),
  missing(
    'the execution role reads the models of another workload',
    inPolicies(`${BUCKET}/*`, 'ml-platform-other-models-222222222222/*'),
  ),
  missing(
    'the execution role pulls another image',
    inPolicies(`repository/${IMAGES}`, 'repository/ml-platform/kvs-infer'),
  ),
  missing(
    'the execution role writes to the logs of another endpoint',
    inPolicies(`Endpoints/${PRODUCTION}`, `Endpoints/${STAGING}`),
  ),
  missing(
    'the execution role sees other alarms',
    inPolicies(`alarm:${PRODUCTION}-server-errors`, 'alarm:errors'),
  ),
  missing(
    'the repository lets no other account pull',
    (sample) => {
      const { Properties } = findResource(sample, 'AWS::ECR::Repository', 'RepositoryName', IMAGES);
      Reflect.deleteProperty(Properties, 'RepositoryPolicyText');
    },
    `of ${STAGING}-execution`,
  ),
  beyond('the execution role is trusted in the name of everybody', (sample) => {
    const { Statement } = role(sample).AssumeRolePolicyDocument as { Statement: Json[] };
    for (const statement of Statement) Reflect.deleteProperty(statement, 'Condition');
  }),
  beyond(
    'the execution role is trusted by another service too',
    inTrust('"sagemaker.amazonaws.com"', '["sagemaker.amazonaws.com","ecs-tasks.amazonaws.com"]'),
  ),
  beyond(
    'the execution role is trusted by its account',
    inTrust(
      '"Service":"sagemaker.amazonaws.com"',
      '"Service":"sagemaker.amazonaws.com","AWS":"222222222222"',
    ),
  ),
  beyond(
    'the execution role has a policy of AWS',
    setting('ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']),
  ),
  beyond(
    'the execution role may do anything to any bucket',
    granting({ Effect: 'Allow', Action: 's3:*', Resource: '*' }),
  ),
  beyond(
    'the execution role may write models',
    granting({ Effect: 'Allow', Action: 's3:PutObject', Resource: `arn:aws:s3:::${BUCKET}/*` }),
  ),
  beyond(
    'the execution role may do all but one thing',
    granting({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }),
  ),
  beyond(
    'the execution role may count anywhere',
    granting({ Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*' }),
  ),
];
