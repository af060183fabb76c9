import type { Fault } from '../../../contract';
import { logRetentionFaults } from '../log-retention';
import { environmentFaults } from './environment-faults';
import type { K3sApp } from './k3s-app';
import { memoryFaults } from './memory-faults';
import { redisFaults, serviceFaults } from './service-faults';

/** What stands in for the name of a service that has none, or a faulty one. */
export const UNNAMED = 'without-a-good-name';

/** What is asked of services on K3s besides what is asked of every workload. */
export function k3sAppFaults(app: K3sApp, place: string): Fault[] {
  const faults = everyFault(app, place);
  if (app.services.every(({ name }) => name !== UNNAMED)) return [...faults];
  // Who calls a service by the name that it was meant to have must not look wrong too.
  return faults.filter((fault) => !/\.(callers|replicas)\b/.test(fault.place));
}

const everyFault = (app: K3sApp, place: string): readonly Fault[] => [
  ...promotionFaults(app, place),
  ...serviceFaults(app, place),
  ...redisFaults(app, place),
  ...logRetentionFaults(app.logRetentionDays, place),
  ...app.environments.flatMap((environment, index) => {
    const at = `${place}.environments[${index}]`;
    return [...environmentFaults(app, environment, at), ...memoryFaults(app, environment, place, at)];
  }),
];

/** A promotion hands on one image; a release here is every image and the manifests that they are put into. */
function promotionFaults({ delivery, services }: K3sApp, place: string): Fault[] {
  if (delivery !== 'byPromotion') return [];
  return [
    {
      place: `${place}.delivery`,
      value: `"byPromotion" of ${services.map(({ name }) => name).join(', ')}`,
      allowed:
        '"throughEnvironments": a promotion takes over one image, and a release here is all images and their manifests',
      change: "remove delivery, or write delivery: 'throughEnvironments'",
    },
  ];
}
