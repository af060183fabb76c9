import { type Mutation, resourcesOfStack, type Sources } from '../../sample';
import { signInOf } from '../names';
import { type Json, PRODUCTION, roleProperties, STAGING } from './edit';

/** A policy of its own in the stack of the service in staging. */
function attach(sample: Sources, properties: Json, type = 'AWS::IAM::Policy'): void {
  resourcesOfStack(sample, STAGING).Extra = {
    Type: type,
    Properties: {
      PolicyName: 'Extra',
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'ecs:DeleteService', Resource: '*' }],
      },
      ...properties,
    },
  };
}

const EXTRA = `${STAGING}/Extra`;

/** Policies that reach a role by a name that only CloudFormation puts together, and names with a path. */
export const ATTACHED_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a policy is attached by a name that is put together',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*policy "Extra"/,
    apply: (sample) => {
      attach(sample, { Roles: [{ 'Fn::Sub': '${AWS::StackName}-deploy' }] });
    },
  },
  {
    name: 'a policy is attached by a name that is put together with a value of its own',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*policy "Extra"/,
    apply: (sample) => {
      attach(
        sample,
        { RoleName: { 'Fn::Sub': ['${Prefix}-deploy', { Prefix: { Ref: 'AWS::StackName' } }] } },
        'AWS::IAM::RolePolicy',
      );
    },
  },
  {
    name: 'a policy is attached by a name in another case',
    owner: 'P05',
    place: /kvs-infer-staging\/Deploy .*policy "Extra"/,
    apply: (sample) => {
      attach(sample, { Roles: [`${STAGING}-deploy`.toUpperCase()] });
    },
  },
  {
    name: 'a policy is attached to a role that another stack exports',
    owner: 'P04',
    place: EXTRA,
    apply: (sample) => {
      attach(sample, { Roles: [{ 'Fn::ImportValue': 'deploy-role' }] });
    },
  },
  {
    name: 'a managed policy is attached to a list that is known at deployment',
    owner: 'P04',
    place: EXTRA,
    apply: (sample) => {
      attach(sample, { Roles: { 'Fn::Split': [',', { Ref: 'RoleNames' }] } }, 'AWS::IAM::ManagedPolicy');
    },
  },
  {
    name: 'a policy is attached to the role that a parameter names',
    owner: 'P04',
    place: EXTRA,
    apply: (sample) => {
      attach(sample, { RoleName: { Ref: 'RoleName' } }, 'AWS::IAM::RolePolicy');
    },
  },
  {
    name: 'a policy of a role stands there under a condition',
    owner: 'P04',
    place: 'kvs-infer-production/Deploy',
    apply: (sample) => {
      const properties = roleProperties(sample, `${PRODUCTION}-deploy`);
      properties.Policies = [
        ...(properties.Policies as readonly unknown[]),
        { 'Fn::If': ['More', { PolicyName: 'More' }, { Ref: 'AWS::NoValue' }] },
      ];
    },
  },
  {
    name: 'a role got a path that is not in the manifest',
    owner: 'P01',
    place: 'roles.kvs-infer-production-deploy',
    apply: (sample) => {
      roleProperties(sample, `${PRODUCTION}-deploy`).Path = '/pipeline/';
    },
  },
  {
    name: 'the role of the containers got a path',
    owner: 'P01',
    place: /targets\.kvs-infer-staging .*spec\.taskRoleArn/,
    apply: (sample) => {
      roleProperties(sample, `${STAGING}-task`).Path = '/tasks/';
    },
  },
];

/** Roles whose ARN is another one than the workflows name. */
export const PATH_MUTATIONS: readonly Mutation[] = [
  {
    name: 'a role got a path',
    owner: 'P02',
    place: signInOf('deploy-production'),
    apply: (sample) => {
      roleProperties(sample, `${PRODUCTION}-deploy`).Path = '/pipeline/';
    },
  },
  {
    name: 'a role got a path that is known at deployment',
    owner: 'P02',
    place: signInOf('deploy-production'),
    apply: (sample) => {
      roleProperties(sample, `${PRODUCTION}-deploy`).Path = { Ref: 'Path' };
    },
  },
];
