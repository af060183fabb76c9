import { editWorkflow, resourcesOfStack, type Mutation } from '../../sample';
import {
  type Statement,
  PRODUCTION,
  STAGING,
  DEPLOY,
  roleProperties,
  statementsOf,
  statementOf,
  editManifest,
} from './edit';

/** Permissions without a call, which P05 must find. */
export const MINIMAL_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a grant that no step uses',
    owner: 'P05',
    place: /kvs-infer-production\/Deploy .*Statement\[/,
    apply: (sample) => {
      const statement = statementOf(sample, `${PRODUCTION}-deploy`, 'ecs:UpdateService');
      statement.Action = [...[statement.Action].flat(), 'ecs:DeleteService'];
    },
  },
  {
    name: 'an action with a wildcard',
    owner: 'P05',
    place: /kvs-infer-production\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${PRODUCTION}-deploy`, 'ssm:PutParameter').Action = 'ssm:Put*';
    },
  },
  {
    name: 'a resource is everything',
    owner: 'P05',
    place: /images\/Publish .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, 'ml-platform-kvs-infer-publish', 'ecr:PutImage').Resource = '*';
    },
  },
  {
    name: 'a resource is widened to a prefix',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'ssm:PutParameter').Resource =
        'arn:aws:ssm:us-east-1:111111111111:parameter/ml-platform/staging/kvs-infer/*';
    },
  },
  {
    name: 'a condition is dropped',
    owner: 'P05',
    place: /kvs-infer-production\/Deploy .*Statement\[/,
    apply: (sample) => {
      delete statementOf(sample, `${PRODUCTION}-deploy`, 'iam:PassRole').Condition;
    },
  },
  {
    name: 'a condition is loosened',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'iam:PassRole').Condition = {
        StringLike: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com*' },
      };
    },
  },
  {
    name: 'a condition holds where the key is missing',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'iam:PassRole').Condition = {
        StringEqualsIfExists: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      };
    },
  },
  {
    name: 'a condition takes one value more',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'iam:PassRole').Condition = {
        StringEquals: { 'iam:PassedToService': ['ecs-tasks.amazonaws.com', 'ec2.amazonaws.com'] },
      } as unknown as Record<string, Record<string, string>>;
    },
  },
  {
    name: 'a condition takes a cluster of any account',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'ecs:UpdateService').Condition = {
        ArnEquals: { 'ecs:cluster': `arn:aws:ecs:us-east-1:*:cluster/${STAGING}` },
      };
    },
  },
  {
    name: 'a managed policy of AWS is attached',
    owner: 'P05',
    place: 'ManagedPolicyArns',
    apply: (sample) => {
      roleProperties(sample, `${STAGING}-deploy`).ManagedPolicyArns = [
        'arn:aws:iam::aws:policy/AdministratorAccess',
      ];
    },
  },
  {
    name: 'everything but a few actions is allowed',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementsOf(sample, `${STAGING}-deploy`).push({
        Effect: 'Allow',
        NotAction: 'iam:*',
        Resource: '*',
      } as unknown as Statement);
    },
  },
  {
    name: 'a policy outside of the role grants more',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*policy "Extra"/,
    apply: (sample) => {
      resourcesOfStack(sample, `${STAGING}-state`).Extra = {
        Type: 'AWS::IAM::Policy',
        Properties: {
          PolicyName: 'Extra',
          Roles: [`${STAGING}-deploy`],
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: 'ecs:StopTask',
                Resource: `arn:aws:ecs:us-east-1:111111111111:task/${STAGING}/*`,
              },
            ],
          },
        },
      };
    },
  },
  {
    name: 'nobody signs in to a role any more',
    owner: 'P05',
    place: 'kvs-infer-production/Rollback',
    apply: (sample) =>
      editWorkflow(sample, DEPLOY, `role/${PRODUCTION}-rollback`, `role/${PRODUCTION}-deploy`),
  },
  {
    name: 'a job no longer runs the verb that its role was made for',
    owner: 'P05',
    place: /images\/Scan /,
    apply: (sample) => {
      sample.workflows = sample.workflows.map(({ file, text }) => ({
        file,
        text: text.replaceAll(/image-ref: \S+?@\$\{\{[^}]*\}\}/g, 'image-ref: alpine:3'),
      }));
    },
  },
  {
    name: 'a pattern without a reason',
    owner: 'P05',
    place: /kvs-infer-production\/Deploy .*Statement\[/,
    apply: (sample) =>
      editManifest(sample, ',"because":"ECS chooses the revision number; the family is named"', ''),
  },
  {
    name: 'a policy that IAM would refuse for its size',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*policy "Calls"/,
    apply: (sample) => {
      const statement = statementOf(sample, `${STAGING}-deploy`, 'logs:GetLogEvents');
      statement.Resource = [statement.Resource]
        .flat()
        .concat(
          Array.from(
            { length: 90 },
            (_, index) => `arn:aws:logs:us-east-1:111111111111:log-group:/ml-platform/${index}`,
          ),
        );
    },
  },
];
