import { type Mutation, resourcesOfStack, type Sources } from '../../sample';
import type { Json } from '../k3s/edit';
import { CANARY, defects, FUNCTION, LINEAR, logicalId, resourceIn } from './edit';

const back = defects('P09', CANARY);

const asking =
  (variable: string, value: unknown, stack = CANARY) =>
  (sample: Sources) => {
    const { Environment } = resourceIn(sample, FUNCTION, '', stack).Properties;
    const { Variables } = Environment as { Variables: Json };
    Variables[variable] = value;
  };

/** Gives rules of security groups whose logical id has a text to a group of somebody else. */
const closing = (type: string, text: string, stack: string) => (sample: Sources) => {
  const resources = resourcesOfStack(sample, stack);
  const found = Object.entries(resources).filter(([id, { Type }]) => Type === type && id.includes(text));
  if (found.length === 0) throw new Error(`no ${type} with ${text}`);
  for (const [, { Properties }] of found) Properties.GroupId = 'sg-of-somebody-else';
};

const balancerGroup = (sample: Sources, stack = CANARY) =>
  resourceIn(sample, 'AWS::EC2::SecurityGroup', 'Load balancer: clients in', stack).Properties;

/** A function that asks somebody else, or nobody. */
export const VERIFICATION_REACH_MUTATIONS: readonly Mutation[] = [
  back('a function that asks the version with the traffic', (sample) => {
    const { Environment } = resourceIn(sample, FUNCTION).Properties;
    const { Variables } = Environment as { Variables: Json };
    Variables.TEST_URL = Variables.PRODUCTION_URL;
  }),
  back('a function that asks somebody else', asking('PRODUCTION_URL', 'http://example.com/healthz')),
  back('a function without the address of tests', asking('TEST_URL', undefined)),
  back('a function that has no way out', closing('AWS::EC2::SecurityGroupEgress', 'Verification', CANARY)),
  back('a balancer that lets the function in nowhere', (sample) => {
    closing('AWS::EC2::SecurityGroupIngress', 'Verification', CANARY)(sample);
    balancerGroup(sample).SecurityGroupIngress = [];
  }),
  back(
    'a balancer in the internet that lets in the group of the function, which comes from a gateway',
    (sample) => {
      const group = balancerGroup(sample, LINEAR);
      group.SecurityGroupIngress = (group.SecurityGroupIngress as Json[]).filter(
        ({ FromPort }) => FromPort !== 8443,
      );
    },
    `${LINEAR}/Service`,
  ),
  back(
    'a function that may go nowhere but to a group that is elsewhere',
    (sample) => {
      const { Properties } = resourceIn(sample, 'AWS::EC2::SecurityGroup', 'Verification:', LINEAR);
      Properties.SecurityGroupEgress = [];
    },
    `${LINEAR}/Service`,
  ),
];

const stranger = defects('P03', CANARY);
const opening =
  (rule: Json, stack = CANARY) =>
  (sample: Sources) => {
    const group = balancerGroup(sample, stack);
    group.SecurityGroupIngress = [
      ...(group.SecurityGroupIngress as Json[]),
      { IpProtocol: 'tcp', FromPort: 8080, ToPort: 8080, ...rule },
    ];
  };

/** Strangers that see a version before anybody has judged it. */
export const TEST_LISTENER_MUTATIONS: readonly Mutation[] = [
  stranger('tests that everybody may ask', opening({ CidrIp: '0.0.0.0/0' })),
  stranger('tests that everybody may ask over IPv6', opening({ CidrIpv6: '::/0' })),
  stranger('tests that another network may ask', opening({ CidrIp: '10.1.0.0/16' })),
  stranger(
    'a range of ports with that of tests',
    opening({ CidrIp: '0.0.0.0/0', FromPort: 80, ToPort: 9000 }),
  ),
  stranger('every protocol from everywhere', opening({ CidrIp: '0.0.0.0/0', IpProtocol: '-1' })),
  stranger('tests that the instances may ask', (sample) => {
    const group = resourceIn(sample, 'AWS::EC2::SecurityGroup', 'GPU instances');
    const id = logicalId(sample, group);
    opening({ SourceSecurityGroupId: { 'Fn::GetAtt': [id, 'GroupId'] } })(sample);
  }),
  stranger('tests that a list of prefixes may ask', opening({ SourcePrefixListId: 'pl-1' })),
  stranger('a balancer with a group of somebody else', (sample) => {
    const type = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
    resourceIn(sample, type).Properties.SecurityGroups = ['sg-1'];
  }),
];
