import type { Fault } from '../contract';
import { endpointCapacity, endpointQuotas } from './flow/capacity/endpoints';
import { fargateFaults, fargateQuotas } from './flow/capacity/fargate';
import { GPU_QUOTA, INSTANCE_CAPACITY, placesOn } from './flow/capacity/instance-types';
import { type PlacedService, type ReadService, servicesOf } from './flow/capacity/services';
import { shiftingNeeds, updateFault } from './flow/capacity/update';
import { nodeCapacityFaults } from './node/capacity';
import type { Proof } from './proof';

export const P10: Proof = {
  code: 'P10',
  name: 'capacity',
  claim:
    'Each update of a service fits on the instances that it may have, one that shifts traffic with both versions at full size, each update of an endpoint can go in its steps, and what the manifests of a node request fits beside K3s while a deployment replaces it.',
  why: 'A task that finds no GPU waits; it never fails, so the circuit breaker never ends the deployment. A canary of one instance is the whole fleet. Two versions at once need twice the tasks, and an account its quota for them.',
  reads: [
    'endpoints of the manifest, and between which limits the templates let them scale',
    'instances in the templates, and the rendered manifests of nodes',
    'services, task definitions, scaling, capacity providers, groups and launch templates in the templates',
  ],
  limits:
    'It counts GPUs, CPU units and memory, not network interfaces or the capacity that AWS has in a zone, and it takes tasks to be packed closely. Quotas are listed, not asked for; `preflight` does that.',
  check: (artefacts) => {
    const { resources } = artefacts;
    const endpoints = endpointCapacity(artefacts);
    const nodes = nodeCapacityFaults(artefacts);
    const services = servicesOf(resources);
    const placed = services.flatMap((one) => (one.launch === 'instances' ? [one] : []));
    const onFargate = services.flatMap((one) => (one.launch === 'fargate' ? [one] : []));
    const findings = services.flatMap((service) => faultsOf(service, placed));
    return {
      checked: services.length + endpoints.capacities.length + nodes.checked,
      findings: [...findings, ...endpoints.findings, ...nodes.findings],
      notes: [
        ...placed.flatMap((one) => shiftingNeeds(one) ?? []),
        ...quotas(placed),
        ...fargateQuotas(onFargate),
        ...endpointQuotas(endpoints.capacities),
      ],
    };
  },
};

function faultsOf(service: ReadService, placed: readonly PlacedService[]): readonly Fault[] {
  switch (service.launch) {
    case 'unread':
      return [service.fault];
    case 'fargate':
      return fargateFaults(service);
    case 'instances': {
      const fault = updateFault({ service, takenByOthers: takenByOthers(service, placed) });
      return fault ? [fault] : [];
    }
  }
}

/** Instances that the other services of the same group need when all of them run as many tasks as they may. */
function takenByOthers(service: PlacedService, all: readonly PlacedService[]): number {
  return all
    .filter((other) => other !== service && other.group.resource === service.group.resource)
    .map(({ group, size, tasks }) => {
      const type = INSTANCE_CAPACITY[group.instanceType];
      const places = type ? placesOn(type, size).places : 0;
      return places > 0 ? Math.ceil(tasks.max / places) : 0;
    })
    .reduce((sum, instances) => sum + instances, 0);
}

/** vCPUs that each account and region must be allowed, counted over all groups at their maximum. */
function quotas(placed: readonly PlacedService[]): string[] {
  const groups = new Map(placed.map(({ group }) => [group.resource, group]));
  const parts = new Map<string, { vcpus: number; sums: string[] }>();
  for (const { resource, instanceType, maxInstances } of groups.values()) {
    const vcpus = INSTANCE_CAPACITY[instanceType]?.vcpus;
    if (vcpus === undefined) continue;
    const where = `account ${resource.account}, ${resource.region}`;
    const part = parts.get(where) ?? { vcpus: 0, sums: [] };
    parts.set(where, {
      vcpus: part.vcpus + vcpus * maxInstances,
      sums: [...part.sums, `${maxInstances} × ${instanceType} with ${vcpus}`],
    });
  }
  return [...parts].map(
    ([where, { vcpus, sums }]) =>
      `quota needed in ${where}: ${vcpus} vCPUs of "${GPU_QUOTA.name}" (${GPU_QUOTA.code}): ${sums.join(', ')}`,
  );
}
