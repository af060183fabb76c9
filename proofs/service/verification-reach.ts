import type { Fault } from '../../contract';
import type { Artefacts, Resource, Value } from '../artefacts';
import { Unresolved } from '../artefacts';
import type { Checked } from '../calls/text';
import { record, said } from '../flow/capacity/template-values';
import {
  ANYWHERE,
  doorsOf,
  gatewayAddresses,
  isAddress,
  networkRanges,
  type Peer,
  securityGroups,
} from './doors';
import { balancerOf, listenersOf, switchOf } from './groups';
import { type TemplateService, templateServices, unless, type Wrong, wrongAt } from './template';
import { environmentOf, functionOf } from './verification';

const INTERNET = 'internet-facing';

/**
 * The function that judges a version asks the listeners of the service, and its requests get there: one that cannot reach
 * the service ends each deployment, as if the new version were wrong.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html
 */
export function verificationReachFaults(artefacts: Artefacts): Checked {
  const parts = templateServices(artefacts).flatMap((one) => {
    const asks = functionOf(one);
    return asks ? [faultsOf(one, asks, artefacts.resources)] : [];
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

/** A listener that the function asks, and the variable that names it. */
interface Asked {
  readonly variable: 'PRODUCTION_URL' | 'TEST_URL';
  readonly listener: Resource | undefined;
}

function faultsOf(one: TemplateService, asks: Resource, resources: readonly Resource[]): Checked {
  const read = switchOf(one);
  const found = read && 'found' in read ? read.found : undefined;
  const asked: readonly Asked[] = [
    { variable: 'PRODUCTION_URL', listener: found?.production.listener ?? listenersOf(one)[0] },
    { variable: 'TEST_URL', listener: found?.test.listener },
  ];
  const environment = environmentOf(asks);
  return {
    checked: 2 * asked.length,
    findings: asked.flatMap(({ variable, listener }) => [
      ...wrongAt(
        asks.path,
        'let the function ask the listener of the service',
        addressFaults(one, variable, environment[variable], listener),
      ),
      ...(listener ? wayFaults(one, asks, listener, resources) : []),
    ]),
  };
}

/** `http://<name of the balancer>:8080/path`, which is that listener and no other. */
function addressFaults(
  one: TemplateService,
  variable: string,
  value: Value | undefined,
  listener: Resource | undefined,
): readonly Wrong[] {
  if (!listener) {
    return unless(
      value === undefined,
      `${variable} ${said(value)}`,
      'no such listener: the template has none',
    );
  }
  const text = value instanceof Unresolved ? value.known.text : undefined;
  const [, scheme, name, port] = /^(https?):\/\/<(\w+)\.DNSName>(?::(\d+))?\//.exec(text ?? '') ?? [];
  const { Protocol, Port } = listener.properties;
  const balancer = balancerOf(one, listener);
  const expected = `${String(Protocol).toLowerCase()}://<${balancer?.logicalId ?? 'the balancer'}.DNSName>:${said(Port)}/`;
  const usual = scheme === 'https' ? 443 : 80;
  return unless(
    scheme === String(Protocol).toLowerCase() &&
      name === balancer?.logicalId &&
      Number(port ?? usual) === Number(Port),
    `${variable} ${text ?? said(value)}`,
    `${expected}, the address of ${listener.path}`,
  );
}

/** From an interface of the function through its group and that of the balancer. */
function wayFaults(
  one: TemplateService,
  asks: Resource,
  listener: Resource,
  resources: readonly Resource[],
): readonly Fault[] {
  const balancer = balancerOf(one, listener);
  if (!balancer) return [];
  const port = Number(listener.properties.Port);
  const own = securityGroups(one, asks, record(asks.properties.VpcConfig).SecurityGroupIds);
  const theirs = securityGroups(one, balancer, balancer.properties.SecurityGroups);
  const open = (groups: typeof own, way: 'in' | 'out') =>
    groups
      .flatMap((group) => (group ? doorsOf(one, group, way) : []))
      .filter((door) => door.opens(port))
      .map(({ peer }) => peer);
  // Its name stands for public addresses: a request of the function leaves the network, and comes from a gateway.
  const isOutside = balancer.properties.Scheme === INTERNET;
  const [out, into] = [open(own, 'out'), open(theirs, 'in')];
  const inside = networkRanges(resources, one);
  const gateways = gatewayAddresses(resources, one);
  const leaves = isOutside ? out.some(isAnybody) : out.some((peer) => isNear(peer, theirs, inside));
  const enters = isOutside
    ? into.some(isAnybody) ||
      (gateways.length > 0 && gateways.every((gateway) => into.some((peer) => isAddress(gateway, peer))))
    : into.some((peer) => isNear(peer, own, inside));
  return [
    ...wrongAt(
      asks.path,
      'let the group of the function open connections to the balancer',
      unless(
        leaves,
        `no way out of its groups to port ${port} of ${balancer.path}`,
        isOutside ? 'an outbound rule to everybody' : 'an outbound rule to its group, or its network',
      ),
    ),
    ...wrongAt(
      listener.path,
      'let the function in',
      unless(
        enters,
        `no inbound rule for port ${port} lets ${asks.path} in`,
        isOutside
          ? 'a rule for everybody, or one for each gateway of the network: there the requests come from'
          : 'an inbound rule of the balancer from the group of the function, or from its network',
      ),
    ),
  ];
}

const isAnybody = (peer: Peer): boolean => peer.kind === 'range' && ANYWHERE.has(peer.range);

const isNear = (
  peer: Peer,
  groups: readonly (Resource | undefined)[],
  ranges: ReadonlySet<string>,
): boolean =>
  isAnybody(peer) ||
  (peer.kind === 'range' && ranges.has(peer.range)) ||
  (peer.kind === 'group' && groups.some((group) => group?.logicalId === peer.logicalId));
