import type { Fault } from '../../contract';
import type { Artefacts, Resource, Value } from '../artefacts';
import { letsOthersIn } from '../calls/service-trust';
import type { ProofResult } from '../proof';
import { list, record } from './document';
import { instancesOf, launchOf } from './instance';
import { renderedOf } from './manifests';
import { nodeRolesOf } from './node-role';
import { type Wrong, wrongAt } from './place';
import { nodesOf, type NodeTarget } from './spec';

/** Ports at which Traefik takes requests; everything else of a node is reached through Systems Manager alone. */
const WEB = [80, 443];

/**
 * Nobody else gets to a node or its role: no port is open but those of a route that the manifests declare, no key opens a
 * shell, and pods cannot ask the instance for its role.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-limiting-access.html
 * @see https://docs.k3s.io/installation/requirements#networking
 */
export function nodeStrangerFaults(artefacts: Artefacts): ProofResult {
  const parts = nodesOf(artefacts.manifest).flatMap((node) =>
    instancesOf(node, artefacts.resources).map((instance) => {
      const roles = nodeRolesOf(instance, artefacts);
      return {
        checked: 6,
        findings: [
          ...metadataFaults(instance, artefacts),
          ...doorFaults(instance, artefacts),
          ...inboundFaults(instance, node, artefacts),
          ...roles.flatMap((role) => letsOthersIn({ role, service: 'ec2.amazonaws.com' })),
        ],
      };
    }),
  );
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

function metadataFaults(instance: Resource, { resources }: Artefacts): readonly Fault[] {
  const { HttpTokens: tokens, HttpPutResponseHopLimit: hops } = record(
    launchOf(instance, resources).MetadataOptions,
  );
  return wrongAt(instance.path, 'keep pods away from the role of the instance', [
    ...(tokens === 'required' ? [] : [[`HttpTokens ${String(tokens)}`, 'required'] as const]),
    ...(Number(hops) === 1
      ? []
      : [
          [
            `HttpPutResponseHopLimit ${String(hops)}`,
            '1: an answer that travels further reaches a pod',
          ] as const,
        ]),
  ]);
}

function doorFaults(instance: Resource, { resources }: Artefacts): readonly Fault[] {
  const { KeyName: key, NetworkInterfaces: interfaces } = launchOf(instance, resources);
  const isPublic = list(interfaces).some((one) => record(one).AssociatePublicIpAddress === true);
  const addresses = resources.filter(
    ({ type, stack, properties }) =>
      (type === 'AWS::EC2::EIP' || type === 'AWS::EC2::EIPAssociation') &&
      stack === instance.stack &&
      String(properties.InstanceId) === `<Ref ${instance.logicalId}>`,
  );
  return wrongAt(instance.path, 'reach the node through Systems Manager', [
    ...(key === undefined
      ? []
      : [[`KeyName ${String(key)}`, 'no key: nobody opens a shell over the network'] as const]),
    ...(isPublic || addresses.length > 0
      ? [['an address of its own in the Internet', 'an instance in a private subnet'] as const]
      : []),
  ]);
}

/** Rules of the groups of an instance: those that stand in a group, and those beside it. */
function inboundFaults(instance: Resource, node: NodeTarget, artefacts: Artefacts): readonly Fault[] {
  const { resources } = artefacts;
  const {
    SecurityGroupIds: ids,
    SecurityGroups: names,
    NetworkInterfaces: interfaces,
  } = launchOf(instance, resources);
  const given = [
    ...list(ids),
    ...list(names),
    ...list(interfaces).flatMap((one) => list(record(one).GroupSet)),
  ];
  const groups = resources.filter(
    (one) =>
      one.type === 'AWS::EC2::SecurityGroup' &&
      one.stack === instance.stack &&
      given.some(
        (id) => String(id).includes(`${one.logicalId}.GroupId`) || String(id) === `<Ref ${one.logicalId}>`,
      ),
  );
  const isRouted = renderedOf(artefacts, node).objects.some(({ kind }) => kind === 'IngressRoute');
  const unread: readonly Wrong[] =
    groups.length > 0 && groups.length === given.length
      ? []
      : [
          [
            `security groups ${given.map(String).join(', ') || 'of the VPC’s default'}`,
            'groups of the same template',
          ],
        ];
  return [
    ...wrongAt(instance.path, 'give the instance a group of its own', unread),
    ...groups.flatMap((group) => {
      const beside = resources.filter(
        ({ type, stack, properties }) =>
          type === 'AWS::EC2::SecurityGroupIngress' &&
          stack === group.stack &&
          String(properties.GroupId).includes(group.logicalId),
      );
      const rules = [
        ...list(group.properties.SecurityGroupIngress).map((rule) => ({ path: group.path, rule })),
        ...beside.map(({ path, properties }) => ({ path, rule: properties as Value })),
      ];
      return rules.flatMap(({ path, rule }) =>
        wrongAt(
          path,
          'close the port, or declare the route in the platform file',
          ruleFaults(rule, isRouted),
        ),
      );
    }),
  ];
}

function ruleFaults(rule: Value, isRouted: boolean): readonly Wrong[] {
  const { IpProtocol: protocol, FromPort: from, ToPort: to } = record(rule);
  const isWeb = protocol === 'tcp' && from === to && WEB.includes(Number(from));
  if (isWeb && isRouted) return [];
  return [
    [
      `an inbound rule for ${String(protocol)} ${String(from)} to ${String(to)}`,
      isRouted
        ? `tcp ${WEB.join(' and ')}, for the routes of the manifests`
        : 'no inbound rule: the manifests declare no route',
    ],
  ];
}
