import {
  FITTING_INSTANCE_TYPES,
  K3S_INSTANCE_TYPES,
  k3sFits,
  memoryBudget,
} from '../../../constructs/k3s-node';
import type { Fault } from '../../../contract';
import { appProps } from './construct-props';
import type { K3sApp, K3sAppEnvironment } from './k3s-app';

/**
 * Memory that a node does not have: for K3s itself, or for what the pods request besides. Kubernetes would leave pods
 * waiting.
 *
 * @param place of the workload
 * @param at place of the environment
 */
export function memoryFaults(
  app: K3sApp,
  environment: K3sAppEnvironment,
  place: string,
  at: string,
): readonly Fault[] {
  const { instanceType } = environment;
  if (!Object.hasOwn(K3S_INSTANCE_TYPES, instanceType)) {
    return [
      {
        place: `${at}.instanceType`,
        value: `"${instanceType}"`,
        allowed: `${FITTING_INSTANCE_TYPES.join(', ')}: their memory is known, and their processors are x86`,
        change: 'choose one of these',
      },
    ];
  }
  const fit = k3sFits(instanceType);
  if (!fit.fits) {
    return [
      {
        place: `${at}.instanceType`,
        value: `"${instanceType}": ${fit.explanation}`,
        allowed: `${fit.smallest} or a larger type`,
        change: `write '${fit.smallest}'`,
      },
    ];
  }
  const budget = memoryBudget(instanceType, appProps(app, environment, ''));
  if (budget.fits) return [];
  const larger = budget.fitsOn === undefined ? '' : `set ${at}.instanceType to '${budget.fitsOn}', or `;
  return [
    {
      place: `${at}.instanceType`,
      value: budget.explanation,
      allowed: `requests that are ${budget.missingMib} MiB less, or a node that has as much more`,
      change: `${larger}lower memory.request or replicas of ${place}.services`,
    },
  ];
}
