import type { Mutation, Sources } from '../../sample';
import { type Json, rewrite, statementOn, statementsIn } from '../k3s/edit';
import { CANARY, defects, FUNCTION, resourceIn, setting } from './edit';

const ROLE = 'AWS::IAM::Role';
const INFRASTRUCTURE = 'ECS moves traffic';
const HOOK = 'ECS asks the verification';
const WRITER = 'Writes the log of the verification';
const DEPLOY = 'Lockstep deploy';

const missing = defects('P04', `${CANARY}/`);
const beyond = defects('P05', `${CANARY}/`);
const reached = defects('P06', `${CANARY}/`);

const rewriting = (role: string, from: string, to: string) => (sample: Sources) =>
  rewrite(resourceIn(sample, ROLE, role), from, to);

/** Adds a statement to the policies of a role. */
const granting = (role: string, Action: string, Resource: string) => (sample: Sources) => {
  const { Properties } = resourceIn(sample, ROLE, role);
  const PolicyDocument = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] };
  Properties.Policies = [
    ...((Properties.Policies as Json[] | undefined) ?? []),
    { PolicyName: 'More', PolicyDocument },
  ];
};

const passing = (change: (statement: ReturnType<typeof statementOn>) => void) => (sample: Sources) => {
  change(statementOn(statementsIn(resourceIn(sample, ROLE, DEPLOY)), 'iam:PassRole', `${CANARY}-hook`));
};
/** Changes what the manifest declares about handing over the hook's role, and the grant with it. */
const handing = (context: Record<string, string>, condition: Json | undefined) => (sample: Sources) => {
  const isHook = (resources: readonly string[]) => resources.some((arn) => arn.endsWith('-hook'));
  sample.manifest = {
    ...sample.manifest,
    targets: sample.manifest.targets.map((target) => ({
      ...target,
      calls: {
        ...target.calls,
        deploy: target.calls.deploy.map((call) =>
          call.action === 'iam:PassRole' && isHook(call.resources) ? { ...call, context } : call,
        ),
      },
    })),
  };
  passing((statement) => {
    if (condition === undefined) delete statement.Condition;
    else statement.Condition = condition;
  })(sample);
};

/** Roles by which ECS moves traffic and asks, that by which a function answers, and who may hand them over or call it. */
export const SERVICE_ROLE_MUTATIONS: readonly Mutation[] = [
  missing(
    'a role that moves traffic and trusts another service',
    rewriting(INFRASTRUCTURE, 'ecs.amazonaws.com', 'ecs-tasks.amazonaws.com'),
  ),
  missing(
    'a role that moves traffic without the permissions for it',
    setting(ROLE, INFRASTRUCTURE, 'ManagedPolicyArns', []),
  ),
  missing(
    'a role that moves traffic with the permissions for volumes',
    rewriting(INFRASTRUCTURE, 'PolicyForLoadBalancers', 'PolicyForVolumes'),
  ),
  missing(
    'a role of the hook that ECS does not get',
    rewriting(HOOK, 'ecs.amazonaws.com', 'lambda.amazonaws.com'),
  ),
  missing(
    'a role of the hook that may not call the function',
    rewriting(HOOK, 'lambda:InvokeFunction', 'lambda:GetFunction'),
  ),
  missing('a role of the hook for another function', (sample) => {
    const { Properties } = resourceIn(sample, ROLE, HOOK);
    const text = JSON.stringify(Properties.Policies);
    const other = '"arn:aws:lambda:us-east-1:111111111111:function:other"';
    Properties.Policies = JSON.parse(text.replace(/\{"Fn::GetAtt":\[[^\]]*\]\}/, other));
  }),
  missing(
    'a function whose role Lambda does not get',
    rewriting(WRITER, 'lambda.amazonaws.com', 'ecs.amazonaws.com'),
  ),
  missing('a function without a log', rewriting(WRITER, 'logs:PutLogEvents', 'logs:GetLogEvents')),
  missing(
    'a function without an interface in the network',
    rewriting(WRITER, 'ec2:CreateNetworkInterface', 'ec2:ModifyNetworkInterfaceAttribute'),
  ),
  missing(
    'a function that logs to another group',
    setting(FUNCTION, '', 'LoggingConfig', { LogGroup: '/other' }),
  ),
  missing(
    'a role of the hook that is handed to another service',
    handing(
      { 'iam:PassedToService': 'lambda.amazonaws.com' },
      { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
    ),
  ),
  missing(
    'a verification that may not be asked for',
    rewriting(DEPLOY, 'lambda:InvokeFunction', 'lambda:GetFunction'),
    'kvs-infer-deploy.yml',
  ),
  beyond('a role that moves traffic and instances', granting(INFRASTRUCTURE, 'ec2:TerminateInstances', '*')),
  beyond('a role that moves traffic and is administrator', (sample) => {
    const { Properties } = resourceIn(sample, ROLE, INFRASTRUCTURE);
    const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';
    Properties.ManagedPolicyArns = [...(Properties.ManagedPolicyArns as unknown[]), administrator];
  }),
  beyond(
    'a role that moves traffic for whoever is in the account',
    rewriting(
      INFRASTRUCTURE,
      '"Service":"ecs.amazonaws.com"',
      '"Service":"ecs.amazonaws.com","AWS":"111111111111"',
    ),
  ),
  beyond('a role of the hook that calls every function', granting(HOOK, 'lambda:InvokeFunction', '*')),
  beyond('a role of the hook that changes the function', granting(HOOK, 'lambda:UpdateFunctionCode', '*')),
  beyond(
    'a role of the hook for tasks too',
    rewriting(HOOK, '"ecs.amazonaws.com"', '["ecs.amazonaws.com","ecs-tasks.amazonaws.com"]'),
  ),
  beyond('a function that reads buckets', granting(WRITER, 's3:GetObject', 'arn:aws:s3:::*')),
  beyond('a function that writes every log', granting(WRITER, 'logs:PutLogEvents', '*')),
  beyond('a role of the hook that may be handed to anybody', handing({}, undefined)),
  beyond(
    'a role of the hook that may be handed to instances too',
    passing((statement) => {
      const services = ['ecs.amazonaws.com', 'ec2.amazonaws.com'];
      statement.Condition = { StringEquals: { 'iam:PassedToService': services } };
    }),
  ),
  reached(
    'a role that may ask the functions of others',
    granting(DEPLOY, 'lambda:InvokeFunction', 'arn:aws:lambda:us-east-1:111111111111:function:*'),
  ),
  reached('a role that may hand over the roles of others', (sample) => {
    passing((statement) => {
      statement.Resource = ['arn:aws:iam::111111111111:role/ml-*-hook'];
    })(sample);
  }),
];
