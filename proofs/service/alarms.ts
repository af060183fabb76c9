import type { Fault } from '../../contract';
import type { Artefacts, Resource, Value } from '../artefacts';
import type { Checked } from '../calls/text';
import { list, type Properties, record, said } from '../flow/capacity/template-values';
import { groupsOf } from './groups';
import { isShifting } from './spec';
import { type TemplateService, templateServices, unless, type Wrong, wrongAt } from './template';
import { watchedMinutes } from './times';

const NAMESPACE = 'AWS/ApplicationELB';
/**
 * Metrics of a group without which a bad version goes unseen.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
const NEEDED = ['HTTPCode_Target_5XX_Count', 'UnHealthyHostCount'] as const;
/** The one of them that tells what clients see, and that must be able to go off while traffic moves. */
const ERRORS = 'HTTPCode_Target_5XX_Count';

/**
 * The worst or the sum of a list of metrics. Metric math leaves out what has no data in a function over a list only;
 * `a + b` would then have no value at all.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
const TERMS = /^(?:MAX|SUM)\(\[((?:FILL\(\w+, ?0\)|\w+)(?:, ?(?:FILL\(\w+, ?0\)|\w+))*)\]\)$/;

/** A metric of a group that an alarm adds to what it compares. */
interface Watched {
  readonly metric: string;
  readonly group: Value | undefined;
}

/**
 * Alarms of a deployment: they exist, they undo it, and they see both versions, whichever group has the traffic.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export function serviceAlarmFaults(artefacts: Artefacts): Checked {
  const services = templateServices(artefacts);
  return {
    checked: services.reduce((sum, one) => sum + 1 + NEEDED.length * groupsOf(one).length, 0),
    findings: services.flatMap((one) => faultsOf(one)),
  };
}

function faultsOf(one: TemplateService): readonly Fault[] {
  const { service, index } = one;
  const { Enable, Rollback, AlarmNames } = record(record(service.properties.DeploymentConfiguration).Alarms);
  const names = list(AlarmNames);
  const all = index.all(service, 'AWS::CloudWatch::Alarm');
  const own = all.filter(({ properties }) => names.includes(String(properties.AlarmName)));
  const unknown = names.filter((name) => !all.some(({ properties }) => properties.AlarmName === name));
  const watched = own.flatMap((alarm) => watchedBy(alarm).watched);
  return [
    ...wrongAt(service.path, 'let alarms of the stack undo a deployment', [
      ...unless(
        Enable === true && Rollback === true,
        `alarms with Enable ${said(Enable)} and Rollback ${said(Rollback)}`,
        'Enable true and Rollback true',
      ),
      ...unknown.map((name): Wrong => [`the alarm ${said(name)}`, 'an alarm that the same template makes']),
      ...NEEDED.flatMap((metric) =>
        groupsOf(one)
          .filter((group) => !watched.some((it) => it.metric === metric && isOf(it.group, group)))
          .map((group): Wrong => [
            `no alarm on ${metric} of ${group.logicalId}`,
            `${NEEDED.join(' and ')} of each group: after a deployment the other one has the traffic`,
          ]),
      ),
    ]),
    ...own.flatMap((alarm) =>
      wrongAt(alarm.path, 'mend the alarm: a deployment that it should undo goes on without it', [
        ...watchedBy(alarm).wrong,
        ...comparisonFaults(alarm),
        ...lateFaults(one, alarm),
      ]),
    ),
  ];
}

const isOf = (value: Value | undefined, { logicalId }: Resource): boolean =>
  String(value) === `<${logicalId}.TargetGroupFullName>`;

/** What an alarm compares: one metric, or several of which each can raise it alone. */
function watchedBy({ properties }: Resource): {
  readonly watched: readonly Watched[];
  readonly wrong: readonly Wrong[];
} {
  const queries = list(properties.Metrics).map(record);
  if (queries.length === 0) return { watched: watchedIn(properties), wrong: [] };
  const stats = queries.filter(({ MetricStat }) => MetricStat !== undefined);
  const shown = queries.filter(({ ReturnData }) => ReturnData !== false);
  const expression = String(shown[0]?.Expression);
  const named = TERMS.exec(expression)?.[1]?.split(/FILL\(|, ?0\)|,|\s/) ?? [];
  const ok = shown.length === 1 && stats.length > 0 && stats.every(({ Id }) => named.includes(String(Id)));
  return {
    watched: ok ? stats.flatMap(({ MetricStat }) => watchedIn(record(record(MetricStat).Metric))) : [],
    wrong: unless(
      ok,
      `compares ${shown.map(({ Expression, Id }) => said(Expression ?? Id)).join(' and ') || 'nothing'}`,
      `MAX or SUM over the list of ${stats.map(({ Id }) => String(Id)).join(', ')}`,
    ),
  };
}

function watchedIn({ Namespace, MetricName, Dimensions }: Properties): readonly Watched[] {
  if (Namespace !== NAMESPACE) return [];
  const group = list(Dimensions)
    .map(record)
    .find(({ Name }) => Name === 'TargetGroup')?.Value;
  return [{ metric: String(MetricName), group }];
}

/** Both metrics count what is wrong. */
function comparisonFaults({ properties }: Resource): readonly Wrong[] {
  const { ComparisonOperator: operator, TreatMissingData: missing } = properties;
  return [
    ...unless(
      /^GreaterThan(?:OrEqualTo)?Threshold$/.test(String(operator)),
      `ComparisonOperator ${said(operator)}`,
      'GreaterThanThreshold or GreaterThanOrEqualToThreshold',
    ),
    // A group without tasks has no data, and neither has one without requests.
    ...unless(
      missing === 'notBreaching',
      `TreatMissingData ${said(missing)}`,
      'notBreaching: a group that nobody asks would undo each deployment',
    ),
  ];
}

/** Errors must be able to raise their alarm before nobody watches any more. */
function lateFaults({ spec }: TemplateService, { properties }: Resource): readonly Wrong[] {
  if (!isShifting(spec.update) || !JSON.stringify(properties).includes(`"${ERRORS}"`)) return [];
  const { EvaluationPeriods, DatapointsToAlarm, Period, Metrics } = properties;
  const periods = list(Metrics).map((query) => Number(record(record(query).MetricStat).Period ?? 0));
  const seconds = Math.max(Number(Period ?? 0), ...periods);
  const minutes = (Number(DatapointsToAlarm ?? EvaluationPeriods) * seconds) / 60;
  const watched = watchedMinutes(spec.update);
  return unless(
    minutes <= watched,
    `${minutes} minutes of errors before it goes off`,
    `at most ${watched}, for as long as the old tasks stay beside the new ones`,
  );
}
