import type { Fault } from '../../contract';
import { outside } from './faults';
import type { Environment } from './platform';
import type { Workload } from './workload';

/** Rules that relate fields to each other. Each returns the faults it finds; none stops at the first. */

/** Each value may appear once. */
export function duplicateFaults(
  values: readonly string[],
  place: (index: number) => string,
  what: string,
): Fault[] {
  return values.flatMap((value, index) => {
    const first = values.indexOf(value);
    if (first === index) return [];
    return [
      {
        place: place(index),
        value: `"${value}", which ${place(first)} uses already`,
        allowed: `one ${what} for each name`,
        change: `give this ${what} another name`,
      },
    ];
  });
}

/** Two environments in one account share its OIDC provider, so they must agree on who makes it. */
export function oidcProviderFaults(environments: readonly Environment[]): Fault[] {
  return environments.flatMap((environment, index) => {
    const other = environments.find(({ account }) => account === environment.account);
    if (!other || other.oidcProvider === environment.oidcProvider) return [];
    return [
      {
        place: `environments[${index}].oidcProvider`,
        value: `"${environment.oidcProvider}"`,
        allowed: `"${other.oidcProvider}", as in ${other.name}, which has the same account`,
        change: 'give all environments of one account the same value',
      },
    ];
  });
}

/** @see https://docs.github.com/en/rest/deployments/environments for the limits of the wait timer */
export function waitTimerFaults(environments: readonly Environment[]): Fault[] {
  return environments.flatMap(({ waitMinutes }, index) =>
    outside(waitMinutes, 0, 43_200, `environments[${index}].waitTimer`, 'minutes'),
  );
}

/** A zone holds one NAT gateway; the CDK would drop the others without a word. */
export function natGatewayFaults(environments: readonly Environment[]): Fault[] {
  return environments.flatMap(({ network }, index) => {
    const zones = network.availabilityZones?.length ?? 2;
    if (network.natGateways <= zones) return [];
    return [
      {
        place: `environments[${index}].network.natGateways`,
        value: String(network.natGateways),
        allowed: `at most ${zones}, one for each zone`,
        change: `write ${zones}, or name more availabilityZones`,
      },
    ];
  });
}

/** Zones must lie in each region that the environment's workloads use. */
export function zoneFaults(environments: readonly Environment[], workloads: readonly Workload[]): Fault[] {
  return environments.flatMap((environment, index) => {
    const regions = new Set(
      workloads
        .filter(({ network }) => network === 'ofEnvironment')
        .filter((workload) => runsIn(workload, environment.name))
        .map((workload) => workload.region),
    );
    return (environment.network.availabilityZones ?? []).flatMap((zone, zoneIndex) =>
      [...regions]
        .filter((region) => zone.slice(0, -1) !== region)
        .map((region) => ({
          place: `environments[${index}].network.availabilityZones[${zoneIndex}]`,
          value: `"${zone}"`,
          allowed: `zones of ${region}, where workloads of ${environment.name} run`,
          change: `name zones of ${region}, or leave the field out to use ${region}a and ${region}b`,
        })),
    );
  });
}

/** A GPU check may run where its workload does not. */
const runsIn = (workload: Workload, environment: string): boolean =>
  workload.environments.some(({ name }) => name === environment) ||
  (workload.kind === 'gpuService' && workload.gpuCheck?.environment === environment);
