import type { UpdateEndpointInput } from '@aws-sdk/client-sagemaker';
import type { Place } from '../place';
import { planOf } from './deployment-plan';
import { configNamed, fleetOf } from './fleet';
import type { Moment } from './moment';
import { invalid, sageMakerArn } from './names';
import type { ConfigState, EndpointState, FleetState } from './state';

/** Starts the way of a new endpoint. */
export function startCreating(
  moment: Moment,
  { account, region }: Place,
  config: ConfigState,
  endpoint: { readonly name: string } & Pick<EndpointState, 'lastDeploymentConfig'>,
): EndpointState {
  const { now, state } = moment;
  const { name, lastDeploymentConfig } = endpoint;
  const fleet = fleetOf(moment, config, name);
  // It is for later updates; what the API refuses, it refuses now.
  checkAlarms(moment, config, planOf(lastDeploymentConfig, fleet.variants[0]?.desired ?? 1).alarms);
  const arn = sageMakerArn(config, 'endpoint', name);
  const created: EndpointState = {
    ...{ account, region, arn, name, createdAt: now, modifiedAt: now },
    status: 'Creating',
    config: config.name,
    served: [],
    ...(lastDeploymentConfig && { lastDeploymentConfig }),
    deployment: {
      ...{ fleet, startedAt: now, plan: planOf(undefined, 1), baked: 0, traffic: 0 },
      phase: { kind: 'provisioning', since: now },
    },
  };
  state.endpoints.push(created);
  return created;
}

/**
 * Starts an update. The configuration that serves must still be there: SageMaker finds it out only now.
 *
 * @throws ApiFault `ValidationException`
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html
 */
export function startUpdate(moment: Moment, endpoint: EndpointState, input: UpdateEndpointInput): void {
  checkUpdatable(endpoint);
  const { now } = moment;
  const config = configNamed(moment, endpoint, input.EndpointConfigName ?? '');
  configNamed(moment, endpoint, endpoint.config);
  const given = input.RetainDeploymentConfig ? endpoint.lastDeploymentConfig : input.DeploymentConfig;
  const fleet = retained(fleetOf(moment, config, endpoint.name), endpoint.fleet, input);
  if (given) checkVariants(fleet, endpoint.fleet, given.RollingUpdatePolicy !== undefined);
  const plan = planOf(given, fleet.variants[0]?.desired ?? 1);
  checkAlarms(moment, endpoint, plan.alarms);
  endpoint.status = 'Updating';
  endpoint.modifiedAt = now;
  delete endpoint.failureReason;
  if (given) endpoint.lastDeploymentConfig = given;
  else delete endpoint.lastDeploymentConfig;
  endpoint.deployment = {
    ...{ fleet, startedAt: now, plan, baked: 0, traffic: 0 },
    phase: { kind: 'provisioning', since: now },
  };
}

const IN_PROGRESS: readonly EndpointState['status'][] = ['Creating', 'Updating', 'RollingBack', 'Deleting'];

/** @throws ApiFault `ValidationException` */
export function checkAtRest({ status, arn }: EndpointState): void {
  if (IN_PROGRESS.includes(status)) throw invalid(`Cannot update in-progress endpoint "${arn}".`);
}

/** Only `DeleteEndpoint` helps one that has failed. */
function checkUpdatable(endpoint: EndpointState): void {
  checkAtRest(endpoint);
  if (endpoint.status === 'Failed') throw invalid(`Cannot update failed endpoint "${endpoint.arn}".`);
}

/**
 * Instance counts and weights that were changed since, such as by autoscaling, are lost unless they are retained. Data
 * capture is retained with them.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_VariantProperty.html
 */
function retained(fleet: FleetState, old: FleetState | undefined, input: UpdateEndpointInput): FleetState {
  if (input.RetainAllVariantProperties !== true) return fleet;
  const excluded = (input.ExcludeRetainedVariantProperties ?? []).map((each) => each.VariantPropertyType);
  for (const variant of fleet.variants) {
    const before = old?.variants.find(({ name }) => name === variant.name);
    if (before && !excluded.includes('DesiredInstanceCount')) variant.desired = before.desired;
    if (before && !excluded.includes('DesiredWeight')) variant.weight = before.weight;
  }
  const { capture: _, ...others } = fleet;
  if (!old || excluded.includes('DataCaptureConfig')) return fleet;
  return { ...others, ...(old.capture && { capture: old.capture }) };
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html */
function checkVariants(fleet: FleetState, old: FleetState | undefined, rolling: boolean): void {
  const names = (of: FleetState | undefined): string =>
    (of?.variants ?? [])
      .map(({ name }) => name)
      .sort()
      .join(', ');
  if (names(fleet) !== names(old)) {
    throw invalid(
      `Variants must have the same names with a DeploymentConfig: ${names(old)}, got ${names(fleet)}`,
    );
  }
  if (rolling && fleet.variants.length > 1) throw invalid('A rolling update needs one production variant.');
}

/** AWS's pages do not say what becomes of an alarm that is not there: here it is refused, so that it is seen. */
function checkAlarms({ ports }: Moment, { account, region }: Place, alarms: readonly string[]): void {
  const missing = alarms.find((name) => ports.alarms.lookback(account, region, name) === 0);
  if (missing !== undefined) throw invalid(`Alarm ${missing} does not exist.`);
}
