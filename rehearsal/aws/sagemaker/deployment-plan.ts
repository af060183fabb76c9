import type {
  BlueGreenUpdatePolicy,
  CapacitySize,
  DeploymentConfig,
  RollingUpdatePolicy,
} from '@aws-sdk/client-sagemaker';
import { invalid } from './names';

/** How an update goes, made of its `DeploymentConfig`. */
export interface DeploymentPlan {
  /** Percent of the traffic that the new fleet has after each shift; ends with 100. */
  readonly shifts: readonly number[];
  /** Seconds for which alarms are watched after each shift. */
  readonly bake: number;
  /** True: instances come and go with each shift. False: the old fleet stays whole until the end. */
  readonly rolling: boolean;
  /** Of a rolling update: in how many steps the old fleet comes back. */
  readonly stepsBack: number;
  /** Seconds between the last bake and the end of the old fleet. */
  readonly terminationWait: number;
  /** Seconds for the whole deployment. @default - no limit */
  readonly limit?: number;
  /** Names of the alarms that roll it back. */
  readonly alarms: readonly string[];
}

const WAIT: Range = [0, 3_600];
const LIMIT: Range = [600, 28_800];
/** Percent of the instances. */
const CANARY: Range = [1, 50];
const LINEAR: Range = [10, 50];
const BATCH: Range = [5, 50];
const ROLLBACK_BATCH: Range = [5, 100];
const MOST_ALARMS = 10;

type Range = readonly [least: number, most: number];

/** Without a policy the traffic shifts at once, and nothing is watched. */
const AT_ONCE = { shifts: [100], bake: 0, rolling: false, stepsBack: 1, terminationWait: 0 };

/**
 * @param instances of the variant, which sizes in instances are a part of
 * @throws ApiFault `ValidationException` outside of the limits of the API
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
 */
export function planOf(config: DeploymentConfig | undefined, instances: number): DeploymentPlan {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config ?? {};
  if (blueGreen && rolling) throw invalid('Only one update policy can be used in a DeploymentConfig.');
  const alarms = alarmsOf(config);
  if (rolling) return { ...rollingPlan(rolling, instances), alarms };
  return { ...(blueGreen ? blueGreenPlan(blueGreen, instances) : AT_ONCE), alarms };
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AutoRollbackConfig.html */
function alarmsOf(config: DeploymentConfig | undefined): readonly string[] {
  const { Alarms: alarms } = config?.AutoRollbackConfiguration ?? {};
  if (alarms && (alarms.length === 0 || alarms.length > MOST_ALARMS)) {
    throw invalid(`AutoRollbackConfiguration.Alarms: 1 to ${MOST_ALARMS}, got ${alarms.length}`);
  }
  return (alarms ?? []).map(({ AlarmName = '' }) => AlarmName);
}

/**
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BlueGreenUpdatePolicy.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html
 */
function blueGreenPlan(policy: BlueGreenUpdatePolicy, instances: number): Omit<DeploymentPlan, 'alarms'> {
  const { TrafficRoutingConfiguration: routing, TerminationWaitInSeconds = 0 } = policy;
  return {
    shifts: shiftsOf(routing, instances),
    bake: within('WaitIntervalInSeconds', routing?.WaitIntervalInSeconds ?? 0, WAIT),
    rolling: false,
    stepsBack: 1,
    terminationWait: within('TerminationWaitInSeconds', TerminationWaitInSeconds, WAIT),
    ...limitOf(policy),
  };
}

function shiftsOf(
  routing: BlueGreenUpdatePolicy['TrafficRoutingConfiguration'],
  instances: number,
): readonly number[] {
  switch (routing?.Type) {
    case 'CANARY':
      return [percentOf('CanarySize', routing.CanarySize, instances, CANARY), 100];
    case 'LINEAR':
      return steps(percentOf('LinearStepSize', routing.LinearStepSize, instances, LINEAR));
    case 'ALL_AT_ONCE':
      return [100];
    case undefined:
      throw invalid('TrafficRoutingConfiguration.Type: ALL_AT_ONCE, CANARY or LINEAR');
  }
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RollingUpdatePolicy.html */
function rollingPlan(policy: RollingUpdatePolicy, instances: number): Omit<DeploymentPlan, 'alarms'> {
  const { MaximumBatchSize, RollbackMaximumBatchSize: back, WaitIntervalInSeconds = 0 } = policy;
  const batch = percentOf('MaximumBatchSize', MaximumBatchSize, instances, BATCH);
  const backwards = back && percentOf('RollbackMaximumBatchSize', back, instances, ROLLBACK_BATCH);
  return {
    shifts: steps(wholeInstances(batch, instances)),
    bake: within('WaitIntervalInSeconds', WaitIntervalInSeconds, WAIT),
    rolling: true,
    stepsBack: steps(wholeInstances(backwards ?? 100, instances)).length,
    terminationWait: 0,
    ...limitOf(policy),
  };
}

/** At least one instance moves at a time. */
const wholeInstances = (percent: number, instances: number): number =>
  (Math.max(1, Math.floor((instances * percent) / 100)) / instances) * 100;

const steps = (size: number): readonly number[] =>
  Array.from({ length: Math.ceil(100 / size - 1e-9) }, (_, index) => Math.min(100, size * (index + 1)));

const limitOf = ({ MaximumExecutionTimeoutInSeconds: limit }: BlueGreenUpdatePolicy | RollingUpdatePolicy) =>
  limit === undefined ? {} : { limit: within('MaximumExecutionTimeoutInSeconds', limit, LIMIT) };

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CapacitySize.html */
function percentOf(member: string, size: CapacitySize | undefined, instances: number, range: Range): number {
  if (size?.Value === undefined) throw invalid(`${member} is missing`);
  const percent = size.Type === 'INSTANCE_COUNT' ? (size.Value / instances) * 100 : size.Value;
  return within(`${member} in percent of ${instances} instances`, percent, range);
}

function within(member: string, value: number, [least, most]: Range): number {
  if (value >= least && value <= most) return value;
  throw invalid(`${member}: ${least} to ${most}, got ${value}`);
}
