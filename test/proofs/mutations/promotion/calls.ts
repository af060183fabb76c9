import { findResource, type Mutation, resourcesOfStack } from '../../sample';
import { change, type Statement, statementOf } from '../calls/edit';
import { inJob } from '../in-job';
import { set } from '../set-property';
import {
  CHECKS,
  ENDPOINT_PRODUCTION as PRODUCTION,
  ENDPOINT_STAGING as STAGING,
  FIRST,
  PROMOTE,
} from '../workflow-names';

const sagemaker = (account: string, resource: string): string =>
  `arn:aws:sagemaker:ca-central-1:${account}:${resource}`;

/** Calls on endpoints, and of jobs that only look, which P04 to P06 must find. */
export const ENDPOINT_CALL_MUTATIONS: readonly Mutation[] = [
  {
    name: 'the role that deploys an endpoint may not update it',
    owner: 'P04',
    place: 'deploy-staging/Deploy and wait for the end',
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'sagemaker:UpdateEndpoint').Action =
        'sagemaker:DescribeEndpoint';
    },
  },
  {
    name: 'the way back of an endpoint is denied',
    owner: 'P04',
    place: 'rollback-production/Roll back to the last stable version',
    apply: (sample) => {
      statementOf(sample, `${PRODUCTION}-rollback`, 'sagemaker:DeleteEndpoint').Effect = 'Deny';
    },
  },
  {
    name: 'the execution role is passed to another service',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) => {
      statementOf(sample, `${PRODUCTION}-deploy`, 'iam:PassRole').Condition = {
        StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' },
      };
    },
  },
  {
    name: 'the role that inspects may not read a stack',
    owner: 'P04',
    place: 'inspect-production/Compare the templates',
    apply: (sample) => {
      statementOf(sample, `${PRODUCTION}-inspect`, 'cloudformation:GetTemplate').Resource =
        `arn:aws:cloudformation:ca-central-1:222222222222:stack/${PRODUCTION}-state/*`;
    },
  },
  {
    name: 'the role that resolves may not read what runs',
    owner: 'P04',
    place: 'resolve/Settle what is promoted',
    apply: (sample) => {
      statementOf(sample, `${STAGING}-inspect`, 'sagemaker:DescribeEndpoint').Effect = 'Deny';
    },
  },
  {
    name: 'a promotion resolves with the role of another account',
    owner: 'P04',
    place: 'resolve/Settle what is promoted',
    apply: (sample) =>
      inJob(
        sample,
        PROMOTE,
        'resolve',
        `111111111111:role/${STAGING}-inspect`,
        `222222222222:role/${PRODUCTION}-inspect`,
      ),
  },
  ...bucketPolicies(),
  {
    name: 'a workflow runs what is meant for people',
    owner: 'P04',
    place: 'inspect-staging/Compare the templates',
    apply: (sample) =>
      inJob(
        sample,
        CHECKS,
        'inspect-staging',
        'diff bikeshare --environment staging --templates "$TEMPLATES"',
        'invoke bikeshare --environment staging',
      ),
  },
  {
    name: 'a step invokes the endpoint with a line of its own',
    owner: 'P04',
    place: 'inspect-staging/Prove that account and role are the expected ones',
    apply: (sample) =>
      inJob(
        sample,
        CHECKS,
        'inspect-staging',
        'exec node .lockstep/cli.mjs identity bikeshare --environment staging',
        `aws sagemaker-runtime invoke-endpoint --endpoint-name ${STAGING} --body x out`,
      ),
  },
  {
    name: 'a call on an endpoint that AWS does not know in this form',
    owner: 'P04',
    place: /bikeshare-cd-staging\.yml/,
    apply: (sample) => {
      const target = change(sample.manifest.targets, ({ id }) => id === 'bikeshare-staging');
      Object.assign(target.calls, {
        verify: [
          { action: 'sagemaker:InvokeEndpoint', resources: [sagemaker('111111111111', 'endpoints/x')] },
        ],
      });
    },
  },
  {
    name: 'a role that is there to inspect may update the endpoint',
    owner: 'P05',
    place: new RegExp(`^${STAGING}/Inspect .*Statement\\[`),
    apply: (sample) => {
      // It is called too, so that nothing but its effect is wrong.
      const target = change(sample.manifest.targets, ({ id }) => id === 'bikeshare-staging');
      const call = {
        action: 'sagemaker:UpdateEndpoint',
        resources: [sagemaker('111111111111', `endpoint/${STAGING}`)],
      };
      Object.assign(target.calls, { status: [...target.calls.status, call] });
      const statement = statementOf(sample, `${STAGING}-inspect`, 'sagemaker:DescribeEndpoint');
      statement.Action = [...[statement.Action].flat(), call.action];
    },
  },
  {
    name: 'a role that nobody asks for the state may read it',
    owner: 'P05',
    place: new RegExp(`^${PRODUCTION}/Inspect .*Statement\\[`),
    apply: (sample) => {
      const statement = statementOf(sample, `${PRODUCTION}-inspect`, 'cloudformation:GetTemplate');
      statement.Action = ['cloudformation:GetTemplate', 'cloudformation:DescribeStacks'];
    },
  },
  {
    name: 'the role that deploys reads every model of the account',
    owner: 'P05',
    place: new RegExp(`^${STAGING}/Deploy .*Statement\\[`),
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 's3:GetObject').Resource = 'arn:aws:s3:::*';
    },
  },
  {
    name: 'the role that deploys passes its role to anything',
    owner: 'P05',
    place: new RegExp(`^${PRODUCTION}/Deploy .*Statement\\[`),
    apply: (sample) => {
      delete statementOf(sample, `${PRODUCTION}-deploy`, 'iam:PassRole').Condition;
    },
  },
  {
    name: 'a role reaches the endpoints of every workload',
    owner: 'P06',
    place: new RegExp(`^${STAGING}/Deploy .*Statement\\[`),
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'sagemaker:InvokeEndpoint').Resource = sagemaker(
        '111111111111',
        'endpoint/*',
      );
    },
  },
  {
    name: 'a role reads the models of every workload',
    owner: 'P06',
    place: new RegExp(`^${PRODUCTION}/Deploy .*Statement\\[`),
    apply: (sample) => {
      statementOf(sample, `${PRODUCTION}-deploy`, 's3:GetObject').Resource = 'arn:aws:s3:::ml-platform-*';
    },
  },
  {
    name: 'a role that inspects reads every stack',
    owner: 'P06',
    place: new RegExp(`^${STAGING}/Inspect .*Statement\\[`),
    apply: (sample) => {
      statementOf(sample, `${STAGING}-inspect`, 'cloudformation:GetTemplate').Resource =
        'arn:aws:cloudformation:ca-central-1:111111111111:stack/ml-platform-*';
    },
  },
  {
    name: 'the session of an endpoint ends before its deployment',
    owner: 'P07',
    place: /bikeshare-cd-staging\.yml:\d+ deploy-staging/,
    apply: (sample) =>
      inJob(sample, FIRST, 'deploy-staging', /role-duration-seconds: \d+/, 'role-duration-seconds: 1800'),
  },
  {
    name: 'a resolution without time limit',
    owner: 'P07',
    place: /bikeshare-promote-production\.yml:\d+ resolve/,
    apply: (sample) => inJob(sample, PROMOTE, 'resolve', '    timeout-minutes: 10\n', ''),
  },
  {
    name: 'an output of the resolution that nobody sets',
    owner: 'P11',
    place: /bikeshare-promote-production\.yml:\d+ resolve/,
    apply: (sample) =>
      inJob(sample, PROMOTE, 'resolve', 'steps.resolve.outputs.digest', 'steps.resolve.outputs.image'),
  },
  {
    name: 'a model that nobody can name',
    owner: 'P11',
    place: /bikeshare-promote-production\.yml:\d+ resolve/,
    apply: (sample) => inJob(sample, PROMOTE, 'resolve', 'inputs.model', 'inputs.artifact'),
  },
  ...capacity(),
];

/** Policies of the bucket of models, which lies in the account of production. */
function bucketPolicies(): readonly Mutation[] {
  const inPolicy = (name: string, edit: (statement: Statement) => void, action: string): Mutation => ({
    name,
    owner: 'P04',
    place: 'ml-platform-bikeshare-models/',
    apply: (sample) => {
      const statements = Object.values(resourcesOfStack(sample, 'ml-platform-bikeshare-models'))
        .filter(({ Type }) => Type === 'AWS::S3::BucketPolicy')
        .flatMap(({ Properties }) => (Properties.PolicyDocument as { Statement: Statement[] }).Statement);
      edit(change(statements, ({ Action }) => [Action].flat().includes(action)));
    },
  });
  return [
    inPolicy(
      'the bucket lets nobody of staging read a model',
      (statement) => Object.assign(statement, { Principal: { AWS: 'arn:aws:iam::999999999999:root' } }),
      's3:GetObject',
    ),
    inPolicy(
      'the bucket does not say which models there are',
      (statement) => {
        statement.Action = 's3:GetBucketLocation';
      },
      's3:ListBucket',
    ),
    {
      name: 'the bucket has no policy',
      owner: 'P04',
      place: 'ml-platform-bikeshare-models/',
      apply: (sample) => {
        const resources = resourcesOfStack(sample, 'ml-platform-bikeshare-models');
        for (const [id, { Type }] of Object.entries(resources))
          if (Type === 'AWS::S3::BucketPolicy') Reflect.deleteProperty(resources, id);
      },
    },
  ];
}

/** Updates of endpoints that cannot go in their steps. */
function capacity(): readonly Mutation[] {
  const limits =
    (stack: string, field: string, value: unknown): Mutation['apply'] =>
    (sample) =>
      set(
        findResource(
          sample,
          'AWS::ApplicationAutoScaling::ScalableTarget',
          'ResourceId',
          `endpoint/${stack}/variant/AllTraffic`,
        ),
        [field],
        value,
      );
  const one = (name: string, apply: Mutation['apply'], place = PRODUCTION): Mutation => ({
    name,
    owner: 'P10',
    place,
    apply,
  });
  const spec =
    (fields: object): Mutation['apply'] =>
    (sample) => {
      const target = change(sample.manifest.targets, ({ id }) => id === 'bikeshare-production');
      Object.assign(target.spec as object, fields);
    };
  return [
    one('a canary of an endpoint that may have one instance', limits(PRODUCTION, 'MinCapacity', 1)),
    one('fewer instances at most than at first', limits(PRODUCTION, 'MaxCapacity', 1)),
    one('more instances at least than at first', limits(STAGING, 'MinCapacity', 2), STAGING),
    one('limits of an endpoint that nobody can count', limits(PRODUCTION, 'MaxCapacity', { Ref: 'Most' })),
    one('an instance type without guardrails', spec({ instanceType: 'ml.inf1.xlarge' })),
    one('an update that is none of those known', spec({ update: { strategy: 'Shadow', waitSeconds: 0 } })),
  ];
}
