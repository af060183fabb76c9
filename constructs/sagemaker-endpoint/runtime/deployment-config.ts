import type {
  CapacitySize,
  DeploymentConfig,
  RollingUpdatePolicy,
  TrafficRoutingConfig,
} from '@aws-sdk/client-sagemaker';
import type { SagemakerEndpointSpec, UpdatePolicy } from '../spec';

const percent = (Value: number): CapacitySize => ({ Type: 'CAPACITY_PERCENT', Value });

/**
 * The guardrails of an update, as SageMaker takes them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html
 */
export function deploymentConfigOf({ update, alarms }: SagemakerEndpointSpec): DeploymentConfig {
  return {
    ...(update.strategy === 'Rolling'
      ? { RollingUpdatePolicy: rolling(update) }
      : {
          BlueGreenUpdatePolicy: {
            TrafficRoutingConfiguration: routing(update),
            TerminationWaitInSeconds: update.terminationWaitSeconds,
            MaximumExecutionTimeoutInSeconds: update.maximumExecutionSeconds,
          },
        }),
    AutoRollbackConfiguration: { Alarms: alarms.map((AlarmName) => ({ AlarmName })) },
  };
}

function rolling(update: Extract<UpdatePolicy, { strategy: 'Rolling' }>): RollingUpdatePolicy {
  return {
    MaximumBatchSize: percent(update.batchPercent),
    RollbackMaximumBatchSize: percent(update.rollbackBatchPercent),
    WaitIntervalInSeconds: update.waitSeconds,
    MaximumExecutionTimeoutInSeconds: update.maximumExecutionSeconds,
  };
}

function routing(update: Exclude<UpdatePolicy, { strategy: 'Rolling' }>): TrafficRoutingConfig {
  const WaitIntervalInSeconds = update.waitSeconds;
  switch (update.strategy) {
    case 'AllAtOnce':
      return { Type: 'ALL_AT_ONCE', WaitIntervalInSeconds };
    case 'Canary':
      return { Type: 'CANARY', CanarySize: percent(update.canaryPercent), WaitIntervalInSeconds };
    case 'Linear':
      return { Type: 'LINEAR', LinearStepSize: percent(update.stepPercent), WaitIntervalInSeconds };
  }
}
