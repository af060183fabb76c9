import type { Artefacts } from '../artefacts';
import { exactly, type Need } from '../calls/need';
import { CHOSEN_BY_AWS } from '../calls/role-review';
import { reviewRole, type ServiceRoleFaults } from '../calls/service-role';
import { switchOf } from './groups';
import { isShifting } from './spec';
import { type TemplateService, templateServices, unless, wrongAt } from './template';
import { functionOf } from './verification';

const ECS = 'ecs.amazonaws.com';
const LAMBDA = 'lambda.amazonaws.com';
/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html */
const LOAD_BALANCER_POLICY = 'arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers';

/**
 * Roles around a service: the one with which ECS moves traffic, the one with which it calls the hook, and that of the
 * function itself.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-permissions.html
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
export function serviceRoleFaults(artefacts: Artefacts): ServiceRoleFaults {
  const parts = templateServices(artefacts).flatMap((one) => [
    ...infrastructureRole(one, artefacts),
    ...hookRole(one, artefacts),
    ...functionRole(one, artefacts),
  ]);
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    missing: parts.flatMap(({ missing }) => missing),
    beyond: parts.flatMap(({ beyond }) => beyond),
  };
}

/** ECS moves traffic with the permissions that AWS keeps for it, and with no others. */
function infrastructureRole(one: TemplateService, artefacts: Artefacts): readonly ServiceRoleFaults[] {
  const read = switchOf(one);
  // A role that the template does not name is a finding of P09.
  if (!read || 'fault' in read) return [];
  const { path, stack } = read.found.role;
  const role = artefacts.roles.find((it) => it.place === path && it.stack === stack);
  if (!role) return [];
  const place = `${role.place}, ManagedPolicyArns`;
  const others = {
    ...role,
    managedPolicyArns: role.managedPolicyArns.filter((arn) => arn !== LOAD_BALANCER_POLICY),
  };
  const reviewed = reviewRole(
    others,
    [],
    artefacts,
    ECS,
    one.target.account,
    'ECS moves traffic with it and does nothing else',
  );
  return [
    {
      checked: reviewed.checked + 1,
      missing: [
        ...reviewed.missing,
        ...wrongAt(
          place,
          'attach the policy that AWS keeps for load balancers',
          unless(
            role.managedPolicyArns.includes(LOAD_BALANCER_POLICY),
            role.managedPolicyArns.map(String).join(', ') || 'none',
            LOAD_BALANCER_POLICY,
          ),
        ),
      ],
      beyond: reviewed.beyond,
    },
  ];
}

function hookRole(one: TemplateService, artefacts: Artefacts): readonly ServiceRoleFaults[] {
  const { update } = one.spec;
  const hook = isShifting(update) ? update.hook : undefined;
  // That a template makes the role is the claim of P01.
  const role = artefacts.roles.find(({ arn }) => arn === hook?.roleArn);
  if (!hook || !role) return [];
  const needs = [exactly(['lambda:InvokeFunction'], [hook.functionArn])];
  return [reviewRole(role, needs, artefacts, ECS, one.target.account, 'ECS asks one function with it')];
}

/** The function writes its log, and has an interface in the network. */
function functionRole(one: TemplateService, artefacts: Artefacts): readonly ServiceRoleFaults[] {
  const found = functionOf(one);
  const read = found && one.index.find(found, found.properties.Role, 'AWS::IAM::Role');
  const role = artefacts.roles.find((it) => it.place === read?.path && it.stack === read.stack);
  if (!found || !role) return [];
  const { account, region } = one.target;
  const group = `arn:aws:logs:${region}:${account}:log-group:${logGroupOf(one)}`;
  const needs: readonly Need[] = [
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      called: [`${group}:log-stream:${CHOSEN_BY_AWS}`],
      granted: [`${group}:*`, `${group}:log-stream:*`],
    },
    exactly(NETWORK_ACTIONS, ['*']),
  ];
  return [
    reviewRole(
      role,
      needs,
      artefacts,
      LAMBDA,
      one.target.account,
      'the code of the function has the same role',
    ),
  ];
}

/** What Lambda does for a function in a VPC; IAM can limit none of it to an interface beforehand. */
const NETWORK_ACTIONS = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

function logGroupOf(one: TemplateService): string {
  const given = functionOf(one)?.properties.LoggingConfig;
  const named =
    typeof given === 'object' && given !== null && 'LogGroup' in given ? given.LogGroup : undefined;
  return named === undefined ? `/aws/lambda/${one.spec.verification?.functionName ?? ''}` : String(named);
}
