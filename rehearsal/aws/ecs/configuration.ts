import { ApiFault, type Input } from '../service';
import { type StrategyInput, strategyOf } from './shift/settings';
import type { AlarmsState, BreakerState, ServiceState } from './state';

interface Configuration extends StrategyInput {
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly deploymentCircuitBreaker?: {
    readonly enable: boolean;
    readonly rollback: boolean;
    readonly thresholdConfiguration?: NonNullable<BreakerState['threshold']>;
    readonly resetOnHealthyTask?: boolean;
  };
  readonly alarms?: AlarmsState;
}

/** What a service is deployed by; what a configuration leaves out keeps its value. */
export type DeploymentSettings = Pick<
  ServiceState,
  'minimumHealthyPercent' | 'maximumPercent' | 'strategy' | 'breaker' | 'alarms' | 'gracePeriod'
>;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
export const DEFAULT_SETTINGS: DeploymentSettings = {
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  strategy: { kind: 'ROLLING' },
  breaker: { enable: false, rollback: false },
  alarms: { enable: false, rollback: false, alarmNames: [] },
  gracePeriod: 0,
};

/**
 * Changes how later deployments go. It starts none itself.
 *
 * @throws ApiFault `NotImplemented` for what is not modelled
 */
export function configure(service: ServiceState, input: Input): void {
  Object.assign(service, settingsOf(service, input));
}

/** @throws ApiFault `NotImplemented` for what is not modelled */
export function settingsOf(before: DeploymentSettings, input: Input): DeploymentSettings {
  const {
    minimumHealthyPercent = before.minimumHealthyPercent,
    maximumPercent = before.maximumPercent,
    deploymentCircuitBreaker: given,
    alarms = before.alarms,
    ...shifting
  } = (input.deploymentConfiguration ?? {}) as Configuration;
  const strategy = strategyOf(before.strategy, shifting);
  const breaker = given ? breakerOf(given) : before.breaker;
  if (strategy.kind !== 'ROLLING' && breaker.enable) {
    const why = "AWS's pages do not agree on what it does";
    throw new ApiFault(
      'NotImplemented',
      `the rehearsal models no circuit breaker of ${strategy.kind}: ${why}`,
      501,
    );
  }
  return {
    minimumHealthyPercent,
    maximumPercent,
    strategy,
    breaker,
    alarms,
    gracePeriod: Number(input.healthCheckGracePeriodSeconds ?? before.gracePeriod),
  };
}

function breakerOf(given: NonNullable<Configuration['deploymentCircuitBreaker']>): BreakerState {
  const { enable, rollback, thresholdConfiguration: threshold, resetOnHealthyTask } = given;
  return {
    enable,
    rollback,
    ...(threshold === undefined ? {} : { threshold }),
    ...(resetOnHealthyTask === undefined ? {} : { resetOnHealthyTask }),
  };
}
