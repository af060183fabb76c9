import { startUpdate } from './update';
import { fail } from './life';
import type { Moment } from './moment';
import { configNamed, modelNamed } from './fleet';
import { sageMakerArn } from './names';
import type { EndpointState } from './state';

/** Name of an endpoint. A rehearsal has no two of the same name in two regions of an account. */
export interface EndpointName {
  readonly account: string;
  readonly endpoint: string;
}

export const endpointOf = (
  { state }: Moment,
  { account, endpoint }: EndpointName,
): EndpointState | undefined =>
  state.endpoints.find((each) => each.account === account && each.name === endpoint);

/** @throws Error when there is none: a rehearsal that names it is wrong */
function known(moment: Moment, name: EndpointName): EndpointState {
  const found = endpointOf(moment, name);
  if (found) return found;
  throw new Error(`no endpoint ${name.account} ${name.endpoint} was made`);
}

/** A model that somebody else deploys, made of the one that serves with another image or artifact. */
export interface ForeignVersion {
  /** Name of the model and of the endpoint configuration. */
  readonly name: string;
  readonly image?: string;
  /** URL of the artifact. */
  readonly artifact?: string;
}

/**
 * Somebody else deploys past the pipeline.
 *
 * @throws ApiFault `ValidationException` where an update is under way
 */
export function deployForeign(
  moment: Moment,
  name: EndpointName,
  { name: version, image, artifact }: ForeignVersion,
): void {
  const { state, now: createdAt } = moment;
  const endpoint = known(moment, name);
  const config = configNamed(moment, endpoint, endpoint.config);
  const model = modelNamed(moment, endpoint, config.content.ProductionVariants?.[0]?.ModelName ?? '');
  const PrimaryContainer = {
    ...model.content.PrimaryContainer,
    ...(image !== undefined && { Image: image }),
    ...(artifact !== undefined && { ModelDataUrl: artifact }),
  };
  const ProductionVariants = config.content.ProductionVariants?.map((each) => ({
    ...each,
    ModelName: version,
  }));
  const made = { account: endpoint.account, region: endpoint.region, name: version, createdAt };
  state.models.push({
    ...made,
    arn: sageMakerArn(endpoint, 'model', version),
    content: { ...model.content, ModelName: version, PrimaryContainer },
  });
  state.configs.push({
    ...made,
    arn: sageMakerArn(endpoint, 'endpoint-config', version),
    content: { ...config.content, EndpointConfigName: version, ProductionVariants },
  });
  startUpdate(moment, endpoint, { EndpointName: endpoint.name, EndpointConfigName: version });
}

/**
 * SageMaker goes back in the middle of an update.
 *
 * @param reason missing: `DescribeEndpoint` will not tell that there was a rollback
 */
export function rollBack(moment: Moment, name: EndpointName, reason?: string): void {
  const endpoint = known(moment, name);
  if (!endpoint.deployment || endpoint.status !== 'Updating') {
    throw new Error(`${name.endpoint} is not updated, it is ${endpoint.status}`);
  }
  fail(moment, endpoint, endpoint.deployment, reason);
}

/** Autoscaling, or somebody, wants another number of instances of each variant. */
export function setInstances(moment: Moment, name: EndpointName, instances: number): void {
  for (const variant of known(moment, name).fleet?.variants ?? []) variant.desired = instances;
}

/** AWS has no more instances of a type, or has some again. */
export function setCapacity(
  { state }: Moment,
  account: string,
  instanceType: string,
  possible: boolean,
): void {
  const others = state.exhausted.filter(
    (each) => each.account !== account || each.instanceType !== instanceType,
  );
  state.exhausted = possible ? others : [...others, { account, instanceType }];
}

/** What runs in the end. */
export interface EndpointView {
  readonly status: string;
  /** Name of the endpoint configuration that serves. */
  readonly config: string;
  readonly failureReason: string | undefined;
  /** What serves, of the first variant; undefined until the endpoint was in service once. */
  readonly image: string | undefined;
  readonly artifact: string | undefined;
  readonly model: string | undefined;
  readonly instanceType: string | undefined;
  readonly instances: number;
  /** Configuration on its way. */
  readonly pending: string | undefined;
}

/** Undefined where there is no such endpoint. */
export function viewOf(moment: Moment, name: EndpointName): EndpointView | undefined {
  const endpoint = endpointOf(moment, name);
  if (!endpoint) return undefined;
  const [variant] = endpoint.fleet?.variants ?? [];
  return {
    status: endpoint.status,
    config: endpoint.config,
    failureReason: endpoint.failureReason,
    image: variant?.image,
    artifact: variant?.artifact,
    model: variant?.model,
    instanceType: variant?.instanceType,
    instances: variant?.desired ?? 0,
    pending: endpoint.deployment?.fleet.config,
  };
}
