import { type Resource, Unresolved, type Value } from '../artefacts';
import { list, type Properties, record } from '../flow/capacity/template-values';
import type { TemplateService } from './template';

/** Who may open a connection, or where one may go. */
export type Peer =
  | { readonly kind: 'group'; readonly logicalId: string }
  | { readonly kind: 'range'; readonly range: string }
  /** One that is known only at deployment, such as that of a gateway. */
  | { readonly kind: 'address'; readonly shown: string }
  | { readonly kind: 'unknown'; readonly shown: string };

/** A rule of a security group, in the group or beside it. */
export interface Door {
  readonly path: string;
  readonly peer: Peer;
  readonly opens: (port: number) => boolean;
}

const GROUP = 'AWS::EC2::SecurityGroup';
const KINDS = {
  in: { inside: 'SecurityGroupIngress', beside: 'AWS::EC2::SecurityGroupIngress', peer: 'Source' },
  out: { inside: 'SecurityGroupEgress', beside: 'AWS::EC2::SecurityGroupEgress', peer: 'Destination' },
} as const;

/** Security groups of the same template that a list names; `undefined` for one that is none. */
export const securityGroups = (
  { index }: TemplateService,
  from: Resource,
  value: Value | undefined,
): readonly (Resource | undefined)[] => list(value).map((one) => index.find(from, one, GROUP));

/**
 * Rules of a group, inbound or outbound.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ec2-securitygroup.html
 */
export function doorsOf(one: TemplateService, group: Resource, way: keyof typeof KINDS): readonly Door[] {
  const { inside, beside, peer } = KINDS[way];
  const own = list(group.properties[inside]).map((rule) => ({ path: group.path, rule: record(rule) }));
  const others = one.index
    .all(group, beside)
    .filter(({ properties }) => one.index.refersTo(properties.GroupId, group.logicalId))
    .map(({ path, properties }) => ({ path, rule: properties }));
  return [...own, ...others].map(({ path, rule }) => ({
    path,
    peer: peerOf(rule, peer),
    opens: (port) => opens(rule, port),
  }));
}

function opens({ IpProtocol: protocol, FromPort: from, ToPort: to }: Properties, port: number): boolean {
  if (String(protocol) === '-1') return true;
  return ['tcp', '6'].includes(String(protocol)) && Number(from) <= port && port <= Number(to);
}

function peerOf(rule: Properties, side: 'Source' | 'Destination'): Peer {
  const group = rule[`${side}SecurityGroupId`];
  const range = rule.CidrIp ?? rule.CidrIpv6;
  if (group instanceof Unresolved && group.references[0] !== undefined) {
    return { kind: 'group', logicalId: group.references[0] };
  }
  if (typeof range === 'string') return { kind: 'range', range };
  if (range instanceof Unresolved) return { kind: 'address', shown: range.known.text ?? String(range) };
  return { kind: 'unknown', shown: String(group ?? range ?? JSON.stringify(rule)) };
}

export const ANYWHERE: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0']);

/** Address ranges of the networks of an account and region. */
export const networkRanges = (
  resources: readonly Resource[],
  { target: { account, region } }: TemplateService,
): ReadonlySet<string> =>
  new Set(
    resources
      .filter((it) => it.type === 'AWS::EC2::VPC' && it.account === account && it.region === region)
      .flatMap(({ properties: { CidrBlock } }) => (typeof CidrBlock === 'string' ? [CidrBlock] : [])),
  );

/** Where traffic of the private subnets of an account and region comes from, seen from outside: addresses of gateways. */
export function gatewayAddresses(
  resources: readonly Resource[],
  { target: { account, region } }: TemplateService,
): readonly Resource[] {
  const here = resources.filter((it) => it.account === account && it.region === region);
  return here.filter(
    (address) =>
      address.type === 'AWS::EC2::EIP' &&
      here.some(
        ({ type, stack, properties }) =>
          type === 'AWS::EC2::NatGateway' &&
          stack === address.stack &&
          String(properties.AllocationId) === `<${address.logicalId}.AllocationId>`,
      ),
  );
}

/** Whether a peer is that address and no other: an output of its stack, which the CDK names after the resource. */
export const isAddress = ({ stack, logicalId }: Resource, peer: Peer): boolean =>
  peer.kind === 'address' &&
  peer.shown.startsWith('<Fn::GetStackOutput {') &&
  peer.shown.includes(`"${stack}"`) &&
  new RegExp(`GetAtt${logicalId}PublicIp[0-9A-F]{8}"[^>]*>/32$`).test(peer.shown);

export const shownPeer = (peer: Peer): string => {
  switch (peer.kind) {
    case 'group':
      return `the group ${peer.logicalId}`;
    case 'range':
      return peer.range;
    case 'address':
    case 'unknown':
      return peer.shown;
  }
};
