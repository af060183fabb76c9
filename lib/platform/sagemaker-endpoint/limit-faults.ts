import {
  sagemakerEndpointSpec,
  scalingFaults,
  type SpecFault,
  specFaults,
} from '../../../constructs/sagemaker-endpoint';
import { type Fault, LONGEST_DEPLOY_MINUTES } from '../../../contract';
import { SHORTEST_DEPLOY_MINUTES } from '../workload-rules';
import { changeFor } from './changes';
import { constructProps } from './construct-props';
import type { SagemakerEndpointEnvironment, SagemakerEndpointWorkload } from './sagemaker-endpoint';

type Field = readonly [field: string, unit?: string];

/** Fields of the platform file by those of the spec, with the unit that the spec counts in. */
const OF_ENVIRONMENT: Readonly<Record<string, Field>> = {
  'update.waitSeconds': ['update.wait', 'seconds'],
  'update.terminationWaitSeconds': ['update.terminationWait', 'seconds'],
  'update.maximumExecutionSeconds': ['update.maximumExecution', 'seconds'],
};
const OF_WORKLOAD: typeof OF_ENVIRONMENT = {
  modelBucket: ['model.bucket'],
  keepConfigs: ['keepVersions'],
  deployTimeoutMinutes: ['rollout.timeout', 'minutes'],
  'verification.calls': ['verification.calls'],
  'verification.latencyBudgetMs': ['verification.latencyBudget', 'milliseconds'],
};

/** Limits do not depend on where an endpoint lies. */
const NOWHERE = { account: '000000000000', region: 'us-east-1', repositoryArn: '' };

/** The limits of SageMaker's API, as the spec of the target knows them, and that of the jobs around it. */
export function limitFaults(
  workload: SagemakerEndpointWorkload,
  environment: SagemakerEndpointEnvironment,
  place: string,
  at: string,
): readonly Fault[] {
  const props = constructProps(workload, environment, NOWHERE);
  const spec = specFaults(sagemakerEndpointSpec(props), (path) => path.join('.'));
  return [
    ...scalingFaults(props, at),
    ...executionFaults(environment, at),
    ...spec
      .filter((fault) => !isJudgedElsewhere(fault, workload, environment))
      .map((fault): Fault => {
        const ofWorkload = OF_WORKLOAD[fault.place];
        const [field, unit] = ofWorkload ?? OF_ENVIRONMENT[fault.place] ?? [fault.place];
        const allowed = inUnit(fault.allowed, unit);
        return {
          place: `${ofWorkload ? place : at}.${field}`,
          value: inUnit(fault.value, unit),
          allowed,
          change: changeFor(fault.rule, { field, allowed, at, environment, workload }),
        };
      }),
  ];
}

/** `at most 60` → `at most 60 seconds`. */
function inUnit(text: string, unit: string | undefined): string {
  if (unit === undefined) return text;
  if (text.endsWith('whole number')) return `${text} of ${unit}`;
  return /\d$/.test(text) ? `${text} ${unit}` : text;
}

/** Longer than any deadline of a deployment: a longer `rollout.timeout` would be refused as well. */
const outlastsDeadlines = ({ update }: SagemakerEndpointEnvironment): boolean =>
  update.maximumExecutionSeconds >= LONGEST_DEPLOY_MINUTES * 60;

function executionFaults(environment: SagemakerEndpointEnvironment, at: string): readonly Fault[] {
  if (!outlastsDeadlines(environment)) return [];
  return [
    {
      place: `${at}.update.maximumExecution`,
      value: `${environment.update.maximumExecutionSeconds} seconds`,
      allowed: `less than ${LONGEST_DEPLOY_MINUTES * 60} seconds: rollout.timeout must be longer, and is at most ${LONGEST_DEPLOY_MINUTES} minutes, so that a rollback fits into one job`,
      change: `set update.maximumExecution to less than ${LONGEST_DEPLOY_MINUTES} minutes, and rollout.timeout above it`,
    },
  ];
}

function isJudgedElsewhere(
  { place, rule }: SpecFault,
  { rollout: { timeoutMinutes } }: SagemakerEndpointWorkload,
  environment: SagemakerEndpointEnvironment,
): boolean {
  switch (rule) {
    case 'limit':
      return (
        // The rules of names know what to shorten; deadlines are judged as those of every workload.
        ['endpoint', 'namePrefix', 'deployTimeoutMinutes', 'instanceCount'].includes(place) ||
        (place === 'update.maximumExecutionSeconds' && outlastsDeadlines(environment))
      );
    case 'deadline':
      return (
        timeoutMinutes < SHORTEST_DEPLOY_MINUTES ||
        timeoutMinutes > LONGEST_DEPLOY_MINUTES ||
        outlastsDeadlines(environment)
      );
    case 'parts':
      return true;
    case 'modelBucket':
      // The form judges the key, and the rules of names the bucket.
      return true;
    case 'waits':
      return false;
  }
}
