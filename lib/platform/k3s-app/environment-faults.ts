import type { Fault } from '../../../contract';
import { outside } from '../faults';
import { inboundFaults } from './inbound-faults';
import type { K3sApp, K3sAppEnvironment } from './k3s-app';
import { strategyFaults } from './strategy-faults';

/** Fields of an environment that contradict the services, or limits of AWS. */
export const environmentFaults = (app: K3sApp, environment: K3sAppEnvironment, at: string): Fault[] => [
  ...strategyFaults(app, environment, `${at}.update`),
  ...inboundFaults(app, environment, `${at}.inbound`),
  ...replicaFaults(app, environment, `${at}.replicas`),
  ...volumeFaults(app, environment, `${at}.dataVolume`),
  ...outside(environment.keepBackupsDays, 1, 3650, `${at}.keepBackups`, 'days'),
  ...reservedNameFaults(environment, `${at}.names`),
];

function replicaFaults({ services }: K3sApp, { replicas }: K3sAppEnvironment, place: string): Fault[] {
  const fixed = services.filter(({ autoscaler }) => !autoscaler).map(({ name }) => name);
  return Object.keys(replicas)
    .filter((name) => !fixed.includes(name))
    .map((name) => ({
      place: `${place}.${name}`,
      value: services.some((service) => service.name === name)
        ? 'a number of pods for a service with an autoscaler'
        : 'a service that the workload does not have',
      allowed: fixed.map((service) => `"${service}"`).join(' or ') || 'none',
      change: 'correct the name, or remove the entry',
    }));
}

/** @see https://docs.aws.amazon.com/ebs/latest/userguide/volume_constraints.html */
function volumeFaults({ redis }: K3sApp, { dataVolumeGib }: K3sAppEnvironment, place: string): Fault[] {
  const form = outside(dataVolumeGib, 8, 16_384, place, 'GiB');
  if (form.length > 0 || !redis || redis.storageGib < dataVolumeGib) return form;
  return [
    {
      place,
      value: `${dataVolumeGib} GiB for a Redis with ${redis.storageGib} GiB of storage`,
      allowed: 'more than the storage of Redis: images and the database of K3s lie there too',
      change: 'enlarge dataVolume, or make redis.storage smaller',
    },
  ];
}

/**
 * Names that AWS or Kubernetes keeps for itself.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateDocument.html
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/
 */
function reservedNameFaults({ names: { document, namespace } }: K3sAppEnvironment, place: string): Fault[] {
  const fault = (field: string, name: string, allowed: string): Fault => ({
    place: `${place}.${field}`,
    value: `"${name}"`,
    allowed,
    change: `give names.${field} another value`,
  });
  return [
    ...(/^(aws|amazon|amzn)/i.test(document)
      ? [fault('document', document, 'a name that does not begin with aws, amazon or amzn')]
      : []),
    ...(/^(default$|kube-)/.test(namespace)
      ? [fault('namespace', namespace, 'a namespace that is not one of Kubernetes itself')]
      : []),
  ];
}
