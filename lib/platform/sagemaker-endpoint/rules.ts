import { sagemakerEndpointSpec, scalingFaults, specFaults } from '../../../constructs/sagemaker-endpoint';
import type { Fault } from '../../../contract';
import { constructProps } from './construct-props';
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
  return faults.filter(
    (fault, index) => faults.findIndex(({ place: first }) => first === fault.place) === index,
  );
}

/** Fields of the platform file by those of the spec, with the unit that the spec counts in. */
const OF_ENVIRONMENT: Readonly<Record<string, readonly [field: string, unit?: string]>> = {
  instanceCount: ['instances.initial'],
  'update.waitSeconds': ['update.wait', 'seconds'],
  'update.terminationWaitSeconds': ['update.terminationWait', 'seconds'],
  'update.maximumExecutionSeconds': ['update.maximumExecution', 'seconds'],
};
const OF_WORKLOAD: typeof OF_ENVIRONMENT = {
  modelBucket: ['model.bucket'],
  initialModel: ['model.initial'],
  keepConfigs: ['keepVersions'],
  deployTimeoutMinutes: ['rollout.timeout', 'minutes'],
  'verification.calls': ['verification.calls'],
  'verification.latencyBudgetMs': ['verification.latencyBudget', 'milliseconds'],
};

/** Fields that the rules of names judge, which know what to shorten. */
const NAMES: readonly string[] = ['endpoint', 'namePrefix'];

/** The limits of SageMaker's API, as the spec of the target knows them. */
function limitFaults(
  workload: SagemakerEndpointWorkload,
  environment: SagemakerEndpointEnvironment,
  place: string,
  at: string,
): readonly Fault[] {
  const props = constructProps(workload, environment, NOWHERE);
  const instances = scalingFaults(props, at);
  const spec = specFaults(sagemakerEndpointSpec(props), (path) => path.join('.'));
  const limits = spec
    .filter(({ place: field }) => !NAMES.includes(field))
    .map((fault) => {
      const ofWorkload = OF_WORKLOAD[fault.place];
      const [field, unit] = ofWorkload ?? OF_ENVIRONMENT[fault.place] ?? [fault.place];
      return {
        ...fault,
        place: `${ofWorkload ? place : at}.${field}`,
        ...(unit !== undefined && {
          value: `${fault.value} ${unit}`,
          allowed: `${fault.allowed}${/\d$/.test(fault.allowed) ? ` ${unit}` : ''}`,
        }),
      };
    });
  const counted = instances.length > 0 ? limits.filter(({ place: of }) => !of.endsWith('.initial')) : limits;
  return [...instances, ...counted];
}

/** Limits do not depend on where an endpoint lies. */
const NOWHERE = { account: '000000000000', region: 'us-east-1', repositoryArn: '' };

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
