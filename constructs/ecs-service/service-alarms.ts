import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  ComparisonOperator,
  type IAlarm,
  type IMetric,
  MathExpression,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { type ApplicationTargetGroup, HttpCodeTarget } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';

/** Names of the alarms of a service, by which deployer and diagnosis call them. */
export const alarmNames = (cluster: string): readonly [serverErrors: string, unhealthyTargets: string] => [
  `${cluster}-server-errors`,
  `${cluster}-unhealthy-targets`,
];

/** One group, or two between which ECS moves the traffic. */
export interface WatchedGroups {
  readonly primary: ApplicationTargetGroup;
  readonly alternate?: ApplicationTargetGroup;
}

const PERIOD = Duration.minutes(1);

/**
 * Errors and unhealthy targets. A deployment that raises one of them is rolled back by ECS, so each watches the tasks
 * of both versions.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
export function serviceAlarms(scope: Construct, cluster: string, groups: WatchedGroups): readonly IAlarm[] {
  const [serverErrors, unhealthyTargets] = alarmNames(cluster);
  return [
    new Alarm(scope, 'ServerErrors', {
      alarmName: serverErrors,
      alarmDescription: 'Tasks answer with 5xx',
      metric: watched('SUM', groups, ({ metrics }) =>
        metrics.httpCodeTarget(HttpCodeTarget.TARGET_5XX_COUNT, { period: PERIOD }),
      ),
      threshold: 10,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
    new Alarm(scope, 'UnhealthyTargets', {
      alarmName: unhealthyTargets,
      alarmDescription: 'Tasks fail the health check of the load balancer',
      metric: watched('MAX', groups, ({ metrics }) =>
        metrics.unhealthyHostCount({ period: PERIOD, statistic: 'Maximum' }),
      ),
      threshold: 1,
      // Longer than a model takes to load, so that a normal start does not raise it.
      evaluationPeriods: 6,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }),
  ];
}

/**
 * A group without targets has no data, which must not hide the other one's.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function watched(
  both: 'SUM' | 'MAX',
  { primary, alternate }: WatchedGroups,
  metricOf: (group: ApplicationTargetGroup) => IMetric,
): IMetric {
  if (alternate === undefined) return metricOf(primary);
  return new MathExpression({
    expression: `${both}([FILL(primary, 0), FILL(alternate, 0)])`,
    usingMetrics: { primary: metricOf(primary), alternate: metricOf(alternate) },
    period: PERIOD,
  });
}
