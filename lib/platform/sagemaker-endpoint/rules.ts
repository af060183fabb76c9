import type { Fault } from '../../../contract';
import { limitFaults } from './limit-faults';
import type { SagemakerEndpointEnvironment, SagemakerEndpointWorkload } from './sagemaker-endpoint';

/** What is asked of an endpoint besides what is asked of every workload. */
export function sagemakerEndpointFaults(workload: SagemakerEndpointWorkload, place: string): Fault[] {
  const faults = workload.environments.flatMap((environment, index) => {
    const at = `${place}.environments[${index}]`;
    return [
      ...instanceTypeFaults(environment, `${at}.instanceType`),
      ...limitFaults(workload, environment, place, at),
    ];
  });
  // Each environment finds the faults that all of them share.
  return faults.filter((fault, index) => faults.findIndex((other) => sameFault(fault, other)) === index);
}

/** Two values of one field may be at fault, and one value for two reasons. */
const sameFault = (one: Fault, other: Fault): boolean =>
  one.place === other.place && one.value === other.value && one.allowed === other.allowed;

/**
 * Processors that the image is not built for, and instances whose endpoints cannot be updated in steps.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
 */
function instanceTypeFaults({ instanceType }: SagemakerEndpointEnvironment, place: string): Fault[] {
  const [, family = ''] = instanceType.split('.');
  const why = /^[a-z]+\d+g[a-z]*$/.test(family)
    ? 'Graviton processors, which do not run an image for linux/amd64'
    : family === 'inf1'
      ? 'Inferentia 1, whose endpoints SageMaker cannot update behind guardrails'
      : undefined;
  if (why === undefined) return [];
  return [
    {
      place,
      value: `"${instanceType}": ${why}`,
      allowed: 'a type with x86 processors, such as ml.m5.large',
      change: 'choose another type',
    },
  ];
}
