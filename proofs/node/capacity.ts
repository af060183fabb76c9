import type { Fault } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import type { ProofResult } from '../proof';
import { instancesOf, launchOf } from './instance';
import { LEAST_MEMORY_MIB, NODE_CAPACITY, type NodeCapacity, TAKEN_BY_K3S } from './instance-types';
import { items, json, type KubernetesObject, renderedOf } from './manifests';
import { placeOfNode, type Wrong, wrongAt } from './place';
import { type PodRequests, requestsOf } from './requests';
import { nodesOf, type NodeTarget } from './spec';

/**
 * Whether what the manifests ask for fits on the node while a deployment replaces it, and whether a deployment can go in
 * the steps of its strategy: a node is one, so that nothing else takes what does not fit.
 */
export function nodeCapacityFaults(artefacts: Artefacts): ProofResult {
  const parts = nodesOf(artefacts.manifest).map((node) => {
    const { objects } = renderedOf(artefacts, node);
    const requests = requestsOf(objects, node.spec);
    return {
      checked: requests.length + node.spec.routed.length + 2,
      findings: [
        ...(objects.length > 0 ? [] : [nothingRendered(node)]),
        ...requests.flatMap((one) => unsaid(node, one)),
        ...instancesOf(node, artefacts.resources).flatMap((instance) =>
          budgetFaults(instance, String(launchOf(instance, artefacts.resources).InstanceType), requests),
        ),
        ...strategyFaults(node, objects),
      ],
    };
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

const nothingRendered = (node: NodeTarget): Fault => ({
  place: `${placeOfNode(node)} spec.manifests`,
  value: `no object in ${node.spec.manifests}`,
  allowed: 'rendered manifests, whose requests can be counted',
  change: 'run `npx projen`',
});

/** What does not say how much it asks for is scheduled anywhere, and killed first. */
function unsaid({ spec }: NodeTarget, { name, file, memoryMib, milliCpu }: PodRequests): readonly Fault[] {
  const missing = [
    ...(memoryMib === undefined ? ['memory'] : []),
    ...(milliCpu === undefined ? ['cpu'] : []),
  ];
  return missing.map((what) => ({
    place: `${spec.manifests}/${file}`,
    value: `a container of ${name} without a request of ${what}`,
    allowed: 'requests of memory and CPU in each container: otherwise nobody can say whether they fit',
    change: `request ${what}`,
  }));
}

function budgetFaults(instance: Resource, name: string, requests: readonly PodRequests[]): readonly Fault[] {
  const type = NODE_CAPACITY[name];
  if (!type) {
    return wrongAt(instance.path, 'add the type to proofs/node/instance-types.ts', [
      [`the instance type ${name}`, Object.keys(NODE_CAPACITY).join(', ')],
    ]);
  }
  return wrongAt(instance.path, 'choose a larger instance type, or let the pods request less', [
    ...(type.memoryMib >= LEAST_MEMORY_MIB
      ? []
      : [
          [
            `${name} with ${type.memoryMib} MiB`,
            `at least the ${LEAST_MEMORY_MIB} MiB that K3s needs`,
          ] as const,
        ]),
    ...resourceFaults(name, type, requests),
  ]);
}

function resourceFaults(
  name: string,
  type: NodeCapacity,
  requests: readonly PodRequests[],
): readonly Wrong[] {
  const kinds = [
    {
      what: 'MiB',
      offered: type.memoryMib,
      taken: TAKEN_BY_K3S.memoryMib,
      of: ({ memoryMib = 0 }: PodRequests) => memoryMib,
    },
    {
      what: 'thousandths of a vCPU',
      offered: type.vcpus * 1000,
      taken: TAKEN_BY_K3S.milliCpu,
      of: ({ milliCpu = 0 }: PodRequests) => milliCpu,
    },
  ];
  return kinds.flatMap(({ what, offered, taken, of }): readonly Wrong[] => {
    const asked = requests.reduce((sum, one) => sum + one.pods * of(one), 0);
    if (asked <= offered - taken) return [];
    const parts = requests.map((one) => `${one.name} ${one.pods} × ${of(one)} (${one.because})`);
    return [
      [
        `pods request ${asked} ${what} during a deployment: ${parts.join(', ')}`,
        `at most ${offered - taken}: ${name} has ${offered} ${what}, of which K3s takes ${taken}`,
      ],
    ];
  });
}

/** A strategy that shares the traffic needs a route between two tracks; without one every service rolls. */
function strategyFaults(node: NodeTarget, objects: readonly KubernetesObject[]): readonly Fault[] {
  const { strategy, routed, manifests } = node.spec;
  const isShared = strategy.kind !== 'rolling';
  return [
    ...wrongAt(`${placeOfNode(node)} spec.strategy`, 'change the strategy, or give a service a route', [
      ...(isShared && routed.length === 0
        ? [[`${strategy.kind} without a routed service`, 'a service whose traffic can be shared'] as const]
        : []),
      ...(!isShared && routed.length > 0
        ? [[`rolling, beside two tracks of ${routed.join(', ')}`, 'one Deployment for each service'] as const]
        : []),
      ...(strategy.kind === 'canary' && !isRising(strategy.steps)
        ? [
            [
              `steps ${strategy.steps.join(', ')}`,
              'per cent from 1 to 99, each above the one before',
            ] as const,
          ]
        : []),
    ]),
    ...routed.flatMap((name) => {
      const route = objects.find((one) => one.kind === 'TraefikService' && one.name === name);
      const wrong = route ? routeFaults(route, name, objects) : [];
      return wrongAt(`${manifests}/${route?.file ?? ''}`, 'run `npx projen`', wrong);
    }),
  ];
}

const isRising = (steps: readonly number[]): boolean =>
  steps.every((step, index) => step > (steps[index - 1] ?? 0) && step < 100);

/** @see https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/traefikservice/ */
function routeFaults(
  { body }: KubernetesObject,
  name: string,
  objects: readonly KubernetesObject[],
): readonly Wrong[] {
  const services = items(json(json(body.spec).weighted).services).map(json);
  const shares = services.map(({ name: to, weight }) => `${String(to)} ${String(weight)}`);
  const wanted = [`${name}-blue 100`, `${name}-green 0`];
  const unserved = [`${name}-blue`, `${name}-green`].filter(
    (one) => !objects.some(({ kind, name: named }) => kind === 'Service' && named === one),
  );
  return [
    ...(shares.join() === wanted.join()
      ? []
      : [[`shares ${shares.join(', ') || 'none'}`, `${wanted.join(', ')} at first`] as const]),
    ...unserved.map((one): Wrong => [`no Service ${one}`, 'a Service for each track']),
  ];
}
