import { resourcesOfStack, type Mutation } from '../../sample';
import { PRODUCTION, STAGING, editManifest, roleProperties, statementOf, statementsOf } from './edit';

/** Calls without permission, which P04 must find. */
export const COMPLETE_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a statement is missing',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) => {
      const statements = statementsOf(sample, `${PRODUCTION}-deploy`);
      statements.splice(
        statements.indexOf(statementOf(sample, `${PRODUCTION}-deploy`, 'ecs:RegisterTaskDefinition')),
        1,
      );
    },
  },
  {
    name: 'an action is missing in the role of the way back',
    owner: 'P04',
    place: 'rollback-production/Roll back to the last stable version',
    apply: (sample) => {
      const statement = statementOf(sample, `${PRODUCTION}-rollback`, 'ecs:UpdateService');
      statement.Action = [statement.Action].flat().filter((action) => action !== 'ecs:UpdateService');
    },
  },
  {
    name: 'a condition tests another key',
    owner: 'P04',
    place: 'deploy-staging/Deploy and wait for the end',
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'iam:PassRole').Condition = {
        StringEquals: { 'iam:AssociatedResourceArn': 'ecs-tasks.amazonaws.com' },
      };
    },
  },
  {
    name: 'a condition wants another value',
    owner: 'P04',
    place: 'deploy-staging/Deploy and wait for the end',
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'ecs:UpdateService').Condition = {
        ArnEquals: { 'ecs:cluster': `arn:aws:ecs:us-east-1:111111111111:cluster/${PRODUCTION}` },
      };
    },
  },
  {
    name: 'two jobs sign in to each other’s roles',
    owner: 'P04',
    place: 'deploy-staging/Deploy and wait for the end',
    apply: (sample) => {
      sample.workflows = sample.workflows.map(({ file, text }) => ({
        file,
        text: text
          .replaceAll(`111111111111:role/${STAGING}-deploy`, '@')
          .replaceAll(`222222222222:role/${PRODUCTION}-deploy`, `111111111111:role/${STAGING}-deploy`)
          .replaceAll(
            '@\n          aws-region',
            `222222222222:role/${PRODUCTION}-deploy\n          aws-region`,
          ),
      }));
    },
  },
  {
    name: 'a Deny hits what a step calls',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) => {
      statementsOf(sample, `${PRODUCTION}-deploy`).push({
        Effect: 'Deny',
        Action: 'ssm:PutParameter',
        Resource: '*',
      });
    },
  },
  {
    name: 'a boundary leaves out what the role may do',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) => {
      resourcesOfStack(sample, PRODUCTION).Boundary = {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          ManagedPolicyName: 'boundary',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: ['ecs:*', 'ssm:*', 'logs:*'], Resource: '*' }],
          },
        },
      };
      roleProperties(sample, `${PRODUCTION}-deploy`).PermissionsBoundary =
        'arn:aws:iam::222222222222:policy/boundary';
    },
  },
  {
    name: 'a boundary stands in no template',
    owner: 'P04',
    place: 'PermissionsBoundary',
    apply: (sample) => {
      roleProperties(sample, `${STAGING}-deploy`).PermissionsBoundary =
        'arn:aws:iam::111111111111:policy/elsewhere';
    },
  },
  {
    name: 'role and manifest agree on a resource type that IAM does not check',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) => {
      const cluster = `arn:aws:ecs:us-east-1:222222222222:cluster/${PRODUCTION}`;
      editManifest(
        sample,
        `"action":"ecs:ListTasks","resources":["arn:aws:ecs:us-east-1:222222222222:container-instance/${PRODUCTION}/*"]`,
        `"action":"ecs:ListTasks","resources":["${cluster}"]`,
      );
      for (const role of ['deploy', 'rollback']) {
        const statements = statementsOf(sample, `${PRODUCTION}-${role}`);
        const { Condition } = statementOf(sample, `${PRODUCTION}-${role}`, 'ecs:ListTasks');
        statements.push({
          Effect: 'Allow',
          Action: 'ecs:ListTasks',
          Resource: cluster,
          ...(Condition && { Condition }),
        });
      }
    },
  },
  {
    name: 'role and manifest agree on a condition key that AWS does not send',
    owner: 'P04',
    place: 'deploy-production/Deploy and wait for the end',
    apply: (sample) => {
      editManifest(sample, '"iam:PassedToService"', '"iam:PassedService"');
      for (const role of [`${STAGING}-deploy`, `${PRODUCTION}-deploy`]) {
        statementOf(sample, role, 'iam:PassRole').Condition = {
          StringEquals: { 'iam:PassedService': 'ecs-tasks.amazonaws.com' },
        };
      }
    },
  },
];
