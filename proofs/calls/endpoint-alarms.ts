import type { Fault, TargetEntry } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import { type EndpointSpec, endpointOf } from './endpoint-spec';
import type { ProofResult } from '../proof';

/** What an alarm on a metric of an endpoint counts in. */
type Metric = 'errors' | 'microseconds';

/**
 * Metrics that tell a bad version from a good one. Requests that are wrong themselves (4xx) do not.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
const METRICS: Readonly<Record<string, Metric>> = {
  Invocation5XXErrors: 'errors',
  InvocationModelErrors: 'errors',
  ModelLatency: 'microseconds',
  OverheadLatency: 'microseconds',
};
/** Those without which a bad version goes unseen. */
const NEEDED = ['Invocation5XXErrors', 'ModelLatency'];

const LONGEST_PERIOD = 300;
/** Errors in one period above which users see an outage, and no longer a canary. */
const MOST_ERRORS = 100;
/** A threshold on latency lies between a hundredth and ten times of the latency budget: a thousandth is a unit confused. */
const LATENCY = { least: 0.01, most: 10 };
const MICROSECONDS = 1_000;

/** Alarms of the stack that makes the endpoint; those that a platform names besides belong to somebody else. */
export const ownAlarms = (
  { account, region, constructPath }: TargetEntry,
  resources: readonly Resource[],
): readonly Resource[] =>
  resources.filter(
    (one) =>
      one.type === 'AWS::CloudWatch::Alarm' &&
      one.stack === constructPath.split('/')[0] &&
      one.account === account &&
      one.region === region,
  );

/**
 * Whether the alarms of an endpoint can undo an update: SageMaker goes back when one of them goes off while it
 * watches. One that cannot go off in that time, or that always does, guards nothing.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export function alarmFaults({ manifest, resources }: Artefacts): ProofResult {
  const parts = manifest.targets.flatMap((target) => {
    const read = endpointOf(target);
    if (!read || 'unread' in read) return [];
    const { spec } = read;
    const own = ownAlarms(target, resources).filter(({ properties }) =>
      spec.alarms.includes(String(properties.AlarmName)),
    );
    const watched = own.map(({ properties }) => properties.MetricName);
    const findings = [
      ...own.flatMap((alarm) => faultsOf(alarm, spec)),
      ...NEEDED.filter((metric) => !watched.includes(metric)).map((metric) => ({
        place: target.constructPath,
        value: `no alarm on ${metric} undoes an update`,
        allowed: `alarms on ${NEEDED.join(' and ')}`,
        change: 'add the alarm to the stack and to the alarms of the spec',
      })),
    ];
    return [{ checked: own.length + NEEDED.length, findings, notes: unknownAlarms(target, spec, resources) }];
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

/** Alarms that a platform names and no template makes: SageMaker refuses an update when one is not there. */
function unknownAlarms(
  { account, region, constructPath }: TargetEntry,
  { alarms }: EndpointSpec,
  resources: readonly Resource[],
): readonly string[] {
  const made = resources
    .filter(
      (one) => one.type === 'AWS::CloudWatch::Alarm' && one.account === account && one.region === region,
    )
    .map(({ properties }) => properties.AlarmName);
  return alarms
    .filter((alarm) => !made.includes(alarm))
    .map(
      (alarm) =>
        `${constructPath}: the alarm ${alarm} must be there in ${account}, ${region}: no template makes it`,
    );
}

type Wrong = readonly [value: string, allowed: string];

function faultsOf({ path, properties }: Resource, spec: EndpointSpec): readonly Fault[] {
  const name = String(properties.MetricName);
  const metric = Object.hasOwn(METRICS, name) ? METRICS[name] : undefined;
  const wrong: readonly Wrong[] = [
    ...(properties.Namespace === 'AWS/SageMaker'
      ? []
      : [[`Namespace ${String(properties.Namespace)}`, 'AWS/SageMaker'] as const]),
    ...(metric
      ? measureFaults(metric, properties, spec)
      : [[`MetricName ${name}`, Object.keys(METRICS).join(', ')] as const]),
    ...goingOffFaults(properties, spec),
  ];
  return wrong.map(([value, allowed]) => ({
    place: path,
    value,
    allowed,
    change: 'mend the alarm: an update that it should undo goes on without it',
  }));
}

/** Statistic, unit and threshold must fit what the metric counts. */
function measureFaults(
  metric: Metric,
  { Statistic, ExtendedStatistic, Unit, Threshold }: Resource['properties'],
  { verification: { latencyBudgetMs } }: EndpointSpec,
): readonly Wrong[] {
  const statistic = String(Statistic ?? ExtendedStatistic);
  const threshold = Number(Threshold);
  const unit = metric === 'errors' ? 'Count' : 'Microseconds';
  const [least, most] =
    metric === 'errors'
      ? [0, MOST_ERRORS]
      : [LATENCY.least * latencyBudgetMs * MICROSECONDS, LATENCY.most * latencyBudgetMs * MICROSECONDS];
  const statistics = metric === 'errors' ? /^Sum$/ : /^(?:Average|Maximum|p\d{1,2}(?:\.\d+)?|p100)$/;
  const bounds =
    metric === 'errors'
      ? `from 1 to ${most} errors`
      : `from ${least} to ${most} microseconds: a hundredth to ten times of the latency budget of ${latencyBudgetMs} ms`;
  return [
    ...(statistics.test(statistic)
      ? []
      : [
          [
            `statistic ${statistic}`,
            metric === 'errors' ? 'Sum' : 'Average, Maximum, or a percentile such as p99',
          ] as const,
        ]),
    ...(Unit === undefined || Unit === unit ? [] : [[`Unit ${String(Unit)}`, unit] as const]),
    ...(threshold > 0 && threshold >= least && threshold <= most
      ? []
      : [[`Threshold ${String(Threshold)}`, bounds] as const]),
  ];
}

/** It must go off on more than the threshold, within the watch of one step, and not because nobody calls. */
function goingOffFaults(properties: Resource['properties'], { update }: EndpointSpec): readonly Wrong[] {
  const { ComparisonOperator: operator, Period, EvaluationPeriods, TreatMissingData: missing } = properties;
  const period = Number(Period);
  const datapoints = Number(properties.DatapointsToAlarm ?? EvaluationPeriods);
  const { waitSeconds } = update;
  return [
    ...(operator === 'GreaterThanThreshold' || operator === 'GreaterThanOrEqualToThreshold'
      ? []
      : [
          [
            `ComparisonOperator ${String(operator)}`,
            'GreaterThanThreshold or GreaterThanOrEqualToThreshold',
          ] as const,
        ]),
    ...(period >= 60 && period <= LONGEST_PERIOD
      ? []
      : [
          [
            `Period ${String(Period)}`,
            `from 60 to ${LONGEST_PERIOD} seconds; the metrics come each minute`,
          ] as const,
        ]),
    // Without a watch nobody asked for the alarm.
    ...(waitSeconds === 0 || period * datapoints <= waitSeconds
      ? []
      : [
          [
            `${datapoints} periods of ${period} seconds before it goes off`,
            `at most the ${waitSeconds} seconds for which the update watches each step`,
          ] as const,
        ]),
    ...(missing === 'breaching'
      ? [
          [
            `TreatMissingData ${missing}`,
            'notBreaching: a minute without calls is no reason to go back',
          ] as const,
        ]
      : []),
  ];
}
