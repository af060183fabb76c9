import type { Fault } from '../contract';
import { endpointCapacity, endpointQuotas } from './flow/capacity/endpoints';
import { fargateFaults, fargateQuotas } from './flow/capacity/fargate';
import { fewestPlaces } from './flow/capacity/places';
import { purchaseFaults, spotNote } from './flow/capacity/purchase';
import { gpuQuotas } from './flow/capacity/quotas';
import { type PlacedService, type ReadService, servicesOf } from './flow/capacity/services';
import { shiftingNeeds, updateFault } from './flow/capacity/update';
import { launchedForChecks } from './gpu-check/launched';
import { checkRoomFaults } from './gpu-check/room';
import { nodeCapacityFaults } from './node/capacity';
import type { Proof } from './proof';

export const P10: Proof = {
  code: 'P10',
  name: 'capacity',
  claim:
    'Each update of a service fits on the instances that it may have, of whichever of its types AWS has, one that shifts traffic with both versions at full size, each update of an endpoint can go in its steps, and what the manifests of a node request fits beside K3s while a deployment replaces it. A GPU check has an instance for each task that runs at the same time, of the type that was chosen, and none while nothing runs.',
  why: 'A task that finds no GPU waits; it never fails, so the circuit breaker never ends the deployment. A canary of one instance is the whole fleet. Two versions at once need twice the tasks, and an account its quota for them.',
  reads: [
    'endpoints of the manifest, and between which limits the templates let them scale',
    'instances in the templates, and the rendered manifests of nodes',
    'services, task definitions, scaling, capacity providers, groups and launch templates in the templates',
  ],
  limits:
    'It counts GPUs, CPU units and memory, not network interfaces or the capacity that AWS has in a zone, and it takes tasks to be packed closely. Quotas are listed, not asked for.',
  check: (artefacts) => {
    const { resources } = artefacts;
    const endpoints = endpointCapacity(artefacts);
    const nodes = nodeCapacityFaults(artefacts);
    const checks = checkRoomFaults(artefacts);
    const services = servicesOf(resources);
    const placed = services.flatMap((one) => (one.launch === 'instances' ? [one] : []));
    const onFargate = services.flatMap((one) => (one.launch === 'fargate' ? [one] : []));
    const findings = services.flatMap((service) => faultsOf(service, placed));
    const groups = [...new Map(placed.map(({ group }) => [group.resource, group])).values()];
    return {
      checked: services.length + endpoints.capacities.length + nodes.checked + checks.checked,
      findings: [
        ...findings,
        ...groups.flatMap(purchaseFaults),
        ...endpoints.findings,
        ...nodes.findings,
        ...checks.findings,
      ],
      notes: [
        ...placed.flatMap((one) => shiftingNeeds(one) ?? []),
        ...placed.flatMap((one) => spotNote(one) ?? []),
        ...gpuQuotas([...groups, ...launchedForChecks(artefacts)]),
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
      return [...service.tasks.faults, ...fargateFaults(service)];
    case 'instances': {
      const fault = updateFault({ service, takenByOthers: takenByOthers(service, placed) });
      return [...service.tasks.faults, ...(fault ? [fault] : [])];
    }
  }
}

/** Instances that the other services of the same group need when all of them run as many tasks as they may. */
function takenByOthers(service: PlacedService, all: readonly PlacedService[]): number {
  return all
    .filter((other) => other !== service && other.group.resource === service.group.resource)
    .map(({ group, size, tasks }) => {
      const fewest = fewestPlaces(group, size);
      const places = 'unknown' in fewest ? 0 : fewest.places;
      return places > 0 ? Math.ceil(tasks.max / places) : 0;
    })
    .reduce((sum, instances) => sum + instances, 0);
}
