import { fetchFailure, fetchFault } from './model-content';
import { type Moment, secondsSince } from './moment';
import { logGroup } from './names';
import type { EndpointState, FleetState, VariantState } from './state';

/** How far new instances are. */
export type Progress = 'underWay' | 'ready' | { readonly failed: string };

/**
 * Instances come, fetch image and artifact, and start their containers, which must pass their health check.
 *
 * @param since milliseconds since the epoch at which they were asked for
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html
 */
export function provision(
  moment: Moment,
  endpoint: EndpointState,
  fleet: FleetState,
  since: number,
): Progress {
  const { timing } = moment.state;
  const elapsed = secondsSince(moment, since);
  if (lacksCapacity(moment, endpoint, fleet)) {
    return elapsed < timing.capacityWithin ? 'underWay' : { failed: NO_CAPACITY };
  }
  if (elapsed < timing.provisionsWithin) return 'underWay';
  if (!fleet.fetched) {
    const failed = fetch(moment, endpoint, fleet);
    if (failed !== undefined) return { failed };
  }
  return started(moment, fleet, elapsed);
}

/** Whether AWS has no more instances of a type that the fleet needs. */
export const lacksCapacity = (
  { state }: Moment,
  { account }: EndpointState,
  { variants }: FleetState,
): boolean =>
  state.exhausted.some(
    (each) =>
      each.account === account && variants.some(({ instanceType }) => instanceType === each.instanceType),
  );

export const NO_CAPACITY =
  'Unable to provision requested ML compute capacity due to InsufficientInstanceCapacity error. Please retry using a different ML instance type or after some time.';

function fetch(moment: Moment, endpoint: EndpointState, fleet: FleetState): string | undefined {
  for (const variant of fleet.variants) {
    const fault = fetchFault(moment, endpoint, variant);
    if (fault) return fetchFailure(fault, variant);
    resolve(moment, variant);
  }
  fleet.fetched = true;
  if (fleet.behaviour.kind === 'unhealthy') log(moment, endpoint, fleet, fleet.behaviour.lines ?? []);
  return undefined;
}

function resolve({ ports, now }: Moment, variant: VariantState): void {
  const { image, executionRole } = variant;
  const pulled = ports.sources.image(image, executionRole);
  const digest = typeof pulled === 'string' ? undefined : pulled.digest;
  const name = image.replace(/(:[^:/@]+)?(@.*)?$/, '');
  variant.resolved = { image: digest === undefined ? image : `${name}@${digest}`, at: now };
}

/** The stream is named after the variant and an instance. */
function log(
  { ports }: Moment,
  endpoint: EndpointState,
  { variants }: FleetState,
  lines: readonly string[],
): void {
  const { account, region, name } = endpoint;
  for (const variant of variants) {
    const where = { account, region, group: logGroup(name), stream: `${variant.name}/i-${variant.model}` };
    ports.logs.write(where, lines, variant.executionRole);
  }
}

function started(
  { state: { timing } }: Moment,
  { behaviour, variants }: FleetState,
  elapsed: number,
): Progress {
  const [{ name: variant = '', healthyWithin = timing.healthyWithin } = {}] = variants;
  if (behaviour.kind === 'cannotStart') {
    if (elapsed < timing.cannotStartWithin) return 'underWay';
    return {
      failed: `CannotStartContainerError. Please ensure the model container for variant ${variant} starts correctly when invoked with 'docker run <image> serve'`,
    };
  }
  const starts = behaviour.kind === 'serves' ? (behaviour.startsAfter ?? timing.startsWithin) : Infinity;
  if (elapsed >= timing.provisionsWithin + Math.min(starts, healthyWithin)) {
    if (starts <= healthyWithin) return 'ready';
    return {
      failed: `The primary container for production variant ${variant} did not pass the ping health check. Please check CloudWatch logs for this endpoint.`,
    };
  }
  return 'underWay';
}
