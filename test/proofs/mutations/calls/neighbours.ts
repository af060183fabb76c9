import { type Mutation } from '../../sample';
import { PRODUCTION, STAGING, statementsOf, statementOf } from './edit';

/** Permissions that reach a neighbour, which P06 must find. */
export const NEIGHBOUR_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a role reaches the images of every workload',
    owner: 'P06',
    place: /images\/Publish .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, 'ml-platform-kvs-infer-publish', 'ecr:PutImage').Resource =
        'arn:aws:ecr:us-east-1:222222222222:repository/ml-platform/*';
    },
  },
  {
    name: 'a role reaches parameters of every environment',
    owner: 'P06',
    place: /kvs-infer-staging\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${STAGING}-deploy`, 'ssm:PutParameter').Resource =
        'arn:aws:ssm:us-east-1:111111111111:parameter/ml-platform/*/kvs-infer/released-*';
    },
  },
  {
    name: 'a role reaches every region',
    owner: 'P06',
    place: /kvs-infer-production\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${PRODUCTION}-deploy`, 'ecs:RegisterTaskDefinition').Resource =
        `arn:aws:ecs:*:222222222222:task-definition/${PRODUCTION}:*`;
    },
  },
  {
    name: 'a role reaches every account',
    owner: 'P06',
    place: /kvs-infer-production\/Rollback .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${PRODUCTION}-rollback`, 'logs:GetLogEvents').Resource =
        'arn:aws:logs:us-east-1:*:log-group:/ml-platform/production/kvs-infer:log-stream:*';
    },
  },
  {
    name: 'a role of staging may update production',
    owner: 'P06',
    place: /kvs-infer-staging\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementsOf(sample, `${STAGING}-deploy`).push({
        Effect: 'Allow',
        Action: 'ecs:UpdateService',
        Resource: `arn:aws:ecs:us-east-1:222222222222:service/${PRODUCTION}/kvs-infer`,
      });
    },
  },
  {
    name: 'a role may hand over the roles of siblings',
    owner: 'P06',
    place: /kvs-infer-production\/Deploy .*Statement\[/,
    apply: (sample) => {
      statementOf(sample, `${PRODUCTION}-deploy`, 'iam:PassRole').Resource =
        'arn:aws:iam::222222222222:role/ml-platform-*-production-*';
    },
  },
];
