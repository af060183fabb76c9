import type { Fault } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import type { Checked } from '../calls/text';
import { record } from '../flow/capacity/template-values';
import {
  type Door,
  doorsOf,
  gatewayAddresses,
  isAddress,
  networkRanges,
  securityGroups,
  shownPeer,
} from './doors';
import { balancerOf, switchOf } from './groups';
import { type TemplateService, templateServices, wrongAt } from './template';
import { functionOf } from './verification';

/**
 * Who reaches the listener for tests sees a version before anybody has judged it: nobody outside of the network does.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
export function testListenerStrangers(artefacts: Artefacts): Checked {
  const parts = templateServices(artefacts).flatMap((one) => {
    const read = switchOf(one);
    return read && 'found' in read ? [faultsOf(one, read.found.test.listener, artefacts.resources)] : [];
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

function faultsOf(one: TemplateService, listener: Resource, resources: readonly Resource[]): Checked {
  const balancer = balancerOf(one, listener);
  const groups = balancer ? securityGroups(one, balancer, balancer.properties.SecurityGroups) : [];
  const port = Number(listener.properties.Port);
  const asks = functionOf(one);
  const own = asks ? securityGroups(one, asks, record(asks.properties.VpcConfig).SecurityGroupIds) : [];
  const inside = networkRanges(resources, one);
  const gateways = gatewayAddresses(resources, one);
  const mayAsk = ({ peer }: Door): boolean =>
    (peer.kind === 'group' && own.some((group) => group?.logicalId === peer.logicalId)) ||
    (peer.kind === 'range' && inside.has(peer.range)) ||
    gateways.some((gateway) => isAddress(gateway, peer));
  const unread: readonly Fault[] =
    groups.length > 0 && groups.every((group) => group !== undefined)
      ? []
      : wrongAt(balancer?.path ?? listener.path, 'give the balancer a group of its own', [
          ['security groups that the template does not make', 'groups of the same template'],
        ]);
  const doors = groups.flatMap((group) => (group ? doorsOf(one, group, 'in') : []));
  return {
    checked: 1 + doors.length,
    findings: [
      ...unread,
      ...doors
        .filter((door) => door.opens(port) && !mayAsk(door))
        .flatMap((door) =>
          wrongAt(door.path, `close port ${port} to everybody else`, [
            [
              `port ${port} of the listener for tests is open to ${shownPeer(door.peer)}`,
              `the function that verifies, and the network and its gateways: ${[...inside].join(', ') || 'none is known'}`,
            ],
          ]),
        ),
    ],
  };
}
