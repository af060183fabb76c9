import { containersOf, items, json, type KubernetesObject } from './manifests';
import type { Wrong } from './place';

/** Whether a port is one at which a container listens, by its name or its number. */
export function portFaults(port: unknown, workload: KubernetesObject): readonly Wrong[] {
  const ports = containersOf(workload).flatMap(({ ports: own }) => items(own).map(json));
  if (ports.some(({ name, containerPort }) => name === port || containerPort === port)) return [];
  return [
    [
      `the port ${String(port)}`,
      ports.map(({ name, containerPort }) => `${String(name)} (${String(containerPort)})`).join(', ') ||
        `a port of ${workload.name}`,
    ],
  ];
}

/** Whether a Service has a port of that number or name. */
export function servicePortFaults(service: KubernetesObject | undefined, wanted: unknown): readonly Wrong[] {
  const ports = items(json(service?.body.spec).ports).map(json);
  if (ports.some(({ name, port }) => name === wanted || port === wanted)) return [];
  return [
    [
      `the port ${String(wanted)} of Service ${service?.name ?? ''}`,
      ports.map(({ port }) => String(port)).join(', '),
    ],
  ];
}
