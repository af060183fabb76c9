import { ApiFault, type Input } from '../service';
import type { AlarmsState, BreakerState, ServiceState } from './state';

interface Configuration {
  readonly strategy?: string;
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
  'minimumHealthyPercent' | 'maximumPercent' | 'breaker' | 'alarms' | 'gracePeriod'
>;

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html */
export const DEFAULT_SETTINGS: DeploymentSettings = {
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  breaker: { enable: false, rollback: false },
  alarms: { enable: false, rollback: false, alarmNames: [] },
  gracePeriod: 0,
};

/**
 * Changes how later deployments go. It starts none itself.
 *
 * @throws ApiFault `NotImplemented` for a strategy that is not a rolling update
 */
export function configure(service: ServiceState, input: Input): void {
  Object.assign(service, settingsOf(service, input));
}

/** @throws ApiFault `NotImplemented` for a strategy that is not a rolling update */
export function settingsOf(before: DeploymentSettings, input: Input): DeploymentSettings {
  const { strategy = 'ROLLING', ...given } = (input.deploymentConfiguration ?? {}) as Configuration;
  if (strategy !== 'ROLLING') {
    throw new ApiFault('NotImplemented', `the rehearsal models the strategy ROLLING, not ${strategy}`, 501);
  }
  const breaker = given.deploymentCircuitBreaker;
  return {
    minimumHealthyPercent: given.minimumHealthyPercent ?? before.minimumHealthyPercent,
    maximumPercent: given.maximumPercent ?? before.maximumPercent,
    breaker: breaker ? breakerOf(breaker) : before.breaker,
    alarms: given.alarms ?? before.alarms,
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
