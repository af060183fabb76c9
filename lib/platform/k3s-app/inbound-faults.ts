import type { Fault } from '../../../contract';
import { rangeFaults } from './ipv4-range';
import type { K3sApp, K3sAppEnvironment } from './k3s-app';

/** Inbound rules that lead to nothing, or let in more than they seem to. */
export function inboundFaults(
  { services }: K3sApp,
  { inboundCidrs }: K3sAppEnvironment,
  place: string,
): Fault[] {
  const ranges = inboundCidrs.flatMap((cidr, index) => rangeFaults(cidr, `${place}.cidrs[${index}]`));
  if (inboundCidrs.length === 0 || services.some(({ route }) => route)) return ranges;
  return [
    ...ranges,
    {
      place,
      value: `${inboundCidrs.join(', ')}, but no service has a route`,
      allowed: 'inbound rules only where a route leads to a service',
      change: 'remove inbound, or give a service a route',
    },
  ];
}
