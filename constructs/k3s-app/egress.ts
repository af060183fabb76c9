import { BlockList, isIPv4 } from 'node:net';
import type { Fault } from '../../contract';
import type { INetworkPolicy } from './kubernetes-object';
import type { K3sEgress, K3sService } from './props';

type Rule = NonNullable<NonNullable<INetworkPolicy['spec']>['egress']>[number];

/**
 * Where EC2 hands out the credentials of the node.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
 */
const METADATA_ADDRESS = '169.254.169.254';
const METADATA = `${METADATA_ADDRESS}/32`;

/**
 * A rule for addresses outside of the namespace, over TCP. The metadata service is never among them; its hop limit of
 * one, which no answer to a pod survives, is a second lock on the same door.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors
 */
export const toRange = ({ cidr, ports }: K3sEgress): Rule => ({
  to: [{ ipBlock: { cidr, ...(hasMetadata(cidr) && { except: [METADATA] }) } }],
  ports: ports.map((port) => ({ protocol: 'TCP', port })),
});

/** Ranges that Kubernetes would refuse, and rules without a port, which it would take for every port. */
export const egressFaults = ({ egress }: K3sService, place: string): Fault[] =>
  (egress ?? []).flatMap(({ cidr, ports }, index) => {
    const at = `${place}.egress[${index}]`;
    return [
      ...cidrFaults(cidr, `${at}.cidr`),
      ...(ports.length > 0 && ports.every(isPort)
        ? []
        : [
            {
              place: `${at}.ports`,
              value: ports.join(', ') || 'no port',
              allowed: 'at least one port, each a whole number from 1 to 65535',
              change: 'name the ports',
            },
          ]),
    ];
  });

function cidrFaults(cidr: string, place: string): Fault[] {
  if (!isRange(cidr)) {
    return [
      { place, value: cidr, allowed: 'an IPv4 range, such as 203.0.113.0/24', change: 'write a range' },
    ];
  }
  if (cidr !== METADATA) return [];
  // Nothing would be left of it: what is excepted must be smaller than the range.
  return [
    {
      place,
      value: `${cidr}, the metadata service of EC2`,
      allowed: 'other addresses: pods do not get the credentials of their node',
      change: 'remove it',
    },
  ];
}

const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65_535;

function isRange(cidr: string): boolean {
  const [address = '', prefix = '', ...rest] = cidr.split('/');
  return isIPv4(address) && /^(\d|[12]\d|3[0-2])$/.test(prefix) && rest.length === 0;
}

function hasMetadata(cidr: string): boolean {
  const [address = '', prefix] = cidr.split('/');
  const range = new BlockList();
  range.addSubnet(address, Number(prefix));
  return range.check(METADATA_ADDRESS);
}
