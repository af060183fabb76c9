import type { Artefacts, Resource } from '../artefacts';
import type { ProofResult } from '../proof';
import { instancesOf, launchOf } from './instance';
import { type Wrong, wrongAt } from './place';
import { nodesOf } from './spec';

/**
 * A node lies in a private subnet: none with a route to an internet gateway, and none that gives addresses.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/configure-subnets.html#subnet-types
 */
export function nodeSubnetFaults({ manifest, resources }: Artefacts): ProofResult {
  const nodes = nodesOf(manifest).flatMap((node) => instancesOf(node, resources));
  return {
    checked: nodes.length,
    findings: nodes.flatMap((instance) =>
      wrongAt(instance.path, 'put the node into a private subnet', subnetFaults(instance, resources)),
    ),
  };
}

function subnetFaults(instance: Resource, resources: readonly Resource[]): readonly Wrong[] {
  const { SubnetId: id } = launchOf(instance, resources);
  const [subnet, ...others] = resources.filter(
    (one) => one.type === 'AWS::EC2::Subnet' && isMeant(one, instance, String(id)),
  );
  if (!subnet || others.length > 0) {
    return [[`the subnet ${String(id)}`, 'a private subnet of the templates']];
  }
  if (subnet.properties.MapPublicIpOnLaunch !== true && !reachesOut(subnet, resources)) return [];
  return [[`the public subnet ${subnet.path}`, 'a subnet that no internet gateway reaches']];
}

/** A reference within the template, or to an output of another one, which the CDK names after the subnet. */
function isMeant({ stack, logicalId }: Resource, instance: Resource, id: string): boolean {
  if (stack === instance.stack) return id === `<Ref ${logicalId}>`;
  return id.includes(`"${stack}"`) && new RegExp(`OutputRef${logicalId}[0-9A-F]{8}"`).test(id);
}

function reachesOut(subnet: Resource, resources: readonly Resource[]): boolean {
  const here = resources.filter(({ stack }) => stack === subnet.stack);
  const named = (type: string, reference: unknown) =>
    here.some((one) => one.type === type && String(reference) === `<Ref ${one.logicalId}>`);
  const tables = here
    .filter(
      ({ type, properties }) =>
        type === 'AWS::EC2::SubnetRouteTableAssociation' &&
        String(properties.SubnetId) === `<Ref ${subnet.logicalId}>`,
    )
    .map(({ properties }) => String(properties.RouteTableId));
  return here.some(
    ({ type, properties }) =>
      type === 'AWS::EC2::Route' &&
      tables.includes(String(properties.RouteTableId)) &&
      named('AWS::EC2::InternetGateway', properties.GatewayId),
  );
}
