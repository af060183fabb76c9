import { type BaseServiceOptions, DeploymentStrategy } from 'aws-cdk-lib/aws-ecs';
import type { ServiceUpdateProps } from './props';

type StrategyOptions = Pick<
  BaseServiceOptions,
  'circuitBreaker' | 'deploymentStrategy' | 'bakeTime' | 'canaryConfiguration' | 'linearConfiguration'
>;

/**
 * How ECS goes from one version to the next. Its circuit breaker comes with the rolling update only: pages of AWS
 * contradict each other about the other strategies, whose failed tasks the deployer counts.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function strategyOptions(update: ServiceUpdateProps): StrategyOptions {
  switch (update.strategy) {
    case 'rolling':
      return { circuitBreaker: { enable: true, rollback: true } };
    case 'blueGreen':
      return { deploymentStrategy: DeploymentStrategy.BLUE_GREEN, bakeTime: update.bake };
    case 'canary':
      return {
        deploymentStrategy: DeploymentStrategy.CANARY,
        bakeTime: update.bake,
        canaryConfiguration: { stepPercent: update.percent, stepBakeTime: update.wait },
      };
    case 'linear':
      return {
        deploymentStrategy: DeploymentStrategy.LINEAR,
        bakeTime: update.bake,
        linearConfiguration: { stepPercent: update.percent, stepBakeTime: update.wait },
      };
  }
}
