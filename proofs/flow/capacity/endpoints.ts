import { type Fault, MANIFEST_PATH, type TargetEntry } from '../../../contract';
import type { Artefacts } from '../../artefacts';
import { type EndpointSpec, endpointOf } from '../../calls/endpoint-spec';

/** Instances of an endpoint: how many it may have, and how many an update adds to them. */
export interface EndpointCapacity {
  readonly target: TargetEntry;
  readonly instanceType: string;
  readonly endpoint: string;
  readonly strategy: EndpointSpec['update']['strategy'];
  readonly max: number;
  /** Most that run at once, during an update of the most that it may have. */
  readonly peak: number;
}

/** Instance families on which SageMaker leaves out the steps and the watch of an update without a word. */
const WITHOUT_GUARDRAILS = /^ml\.inf1\./;

/**
 * Every endpoint of the manifest, with the limits between which its template lets it scale.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-exclusions.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_TrafficRoutingConfig.html
 */
export function endpointCapacity({ manifest, resources }: Artefacts): {
  readonly capacities: readonly EndpointCapacity[];
  readonly findings: readonly Fault[];
} {
  const capacities: EndpointCapacity[] = [];
  const findings: Fault[] = [];
  for (const target of manifest.targets) {
    const read = endpointOf(target);
    if (!read) continue;
    const place = `${MANIFEST_PATH} targets.${target.id} (${target.constructPath})`;
    if ('unread' in read) {
      findings.push(unreadable(place, `spec without ${read.unread.join(', ')}`));
      continue;
    }
    const { spec } = read;
    const limits = resources.find(
      ({ type, account, region, properties }) =>
        type === 'AWS::ApplicationAutoScaling::ScalableTarget' &&
        account === target.account &&
        region === target.region &&
        properties.ResourceId === `endpoint/${spec.endpoint}/variant/${spec.variant}`,
    );
    const [min, max] = limits
      ? [Number(limits.properties.MinCapacity), Number(limits.properties.MaxCapacity)]
      : [spec.instanceCount, spec.instanceCount];
    if (!Number.isInteger(min) || !Number.isInteger(max)) {
      findings.push(unreadable(limits?.path ?? place, `from ${min} to ${max} instances`));
      continue;
    }
    findings.push(...updateFaults(limits?.path ?? place, spec, min, max));
    const { endpoint, instanceType, update } = spec;
    const { strategy } = update;
    capacities.push({ target, endpoint, instanceType, strategy, max, peak: max + added(update, max) });
  }
  return { capacities, findings };
}

const unreadable = (place: string, value: string): Fault => ({
  place,
  value,
  allowed: 'whole numbers that stand in the template: otherwise nobody can say whether an update fits',
  change: 'run `npx projen`, or write the limits so that they can be counted',
});

/** Instances that an update starts before it ends others: a second fleet, or one batch of it. */
function added(
  { strategy, batchPercent = 100, rollbackBatchPercent = 100 }: EndpointSpec['update'],
  max: number,
) {
  const percent = strategy === 'Rolling' ? Math.max(batchPercent, rollbackBatchPercent) : 100;
  return Math.ceil((max * percent) / 100);
}

/** An update must be able to go in the steps that its strategy promises, at every number of instances. */
function updateFaults(place: string, spec: EndpointSpec, min: number, max: number): readonly Fault[] {
  const { update, instanceCount, instanceType } = spec;
  const fault = (value: string, allowed: string, change: string): Fault => ({
    place,
    value,
    allowed,
    change,
  });
  const range = `from ${min} to ${max} instances, ${instanceCount} at first`;
  return [
    ...(min >= 1 && min <= instanceCount && instanceCount <= max
      ? []
      : [
          fault(
            range,
            '1 ≤ min ≤ first ≤ max',
            'change the instances of the environment in the platform file',
          ),
        ]),
    ...(update.strategy !== 'AllAtOnce' && min < 2
      ? [
          fault(
            `${range}, updated by ${update.strategy}`,
            'at least 2 instances: a part of one is all of it',
            'set instances.min to 2, or update all at once',
          ),
        ]
      : []),
    ...(WITHOUT_GUARDRAILS.test(instanceType) && (update.strategy !== 'AllAtOnce' || update.waitSeconds > 0)
      ? [
          fault(
            `${update.strategy} with ${update.waitSeconds} seconds of watch on ${instanceType}`,
            'an instance type with deployment guardrails: on this one SageMaker updates all at once and watches nothing',
            'choose another instance type, or update all at once without watch',
          ),
        ]
      : []),
  ];
}

/** What each account and region must be allowed, as Service Quotas names it. */
export function endpointQuotas(capacities: readonly EndpointCapacity[]): readonly string[] {
  const parts = new Map<string, EndpointCapacity[]>();
  for (const one of capacities) {
    const key = `account ${one.target.account}, ${one.target.region}: "${one.instanceType} for endpoint usage"`;
    parts.set(key, [...(parts.get(key) ?? []), one]);
  }
  return [...parts].map(([key, ones]) => {
    const sum = ones.reduce((total, { peak }) => total + peak, 0);
    const sums = ones.map(
      ({ endpoint, max, peak, strategy }) =>
        `${endpoint} ${max} and ${peak - max} more while ${strategy} updates it`,
    );
    return `quota needed in ${key} ${sum}: ${sums.join(', ')}`;
  });
}
