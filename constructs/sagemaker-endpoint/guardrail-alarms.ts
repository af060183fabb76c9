import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';

export interface GuardrailAlarmsProps {
  readonly endpoint: string;
  readonly variant: string;
  /** Model latency above which an update is undone. */
  readonly modelLatency: Duration;
}

/** Names of the alarms of an endpoint, which the manifest mentions. */
export const guardrailAlarmNames = (endpoint: string): readonly [errors: string, latency: string] => [
  `${endpoint}-server-errors`,
  `${endpoint}-model-latency`,
];

/**
 * The alarms that undo an update. They look at the whole variant, so that a canary shows in them as much as it has
 * traffic.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitoring-cloudwatch.html
 */
export class GuardrailAlarms extends Construct {
  constructor(scope: Construct, id: string, { endpoint, variant, modelLatency }: GuardrailAlarmsProps) {
    super(scope, id);
    const [errors, latency] = guardrailAlarmNames(endpoint);
    const latencyMs = modelLatency.toMilliseconds({ integral: false });
    const metric = (metricName: string, statistic: string) =>
      new Metric({
        namespace: 'AWS/SageMaker',
        metricName,
        dimensionsMap: { EndpointName: endpoint, VariantName: variant },
        statistic,
        period: Duration.minutes(1),
      });
    const shared = {
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    };
    new Alarm(this, 'ServerErrors', {
      ...shared,
      alarmName: errors,
      alarmDescription: 'The model answers with 5xx',
      metric: metric('Invocation5XXErrors', 'Sum'),
      threshold: 5,
    });
    new Alarm(this, 'ModelLatency', {
      ...shared,
      alarmName: latency,
      alarmDescription: `The slowest hundredth of the answers takes ${latencyMs} ms or longer`,
      metric: metric('ModelLatency', 'p99'),
      // The metric counts in microseconds.
      threshold: latencyMs * 1_000,
    });
  }
}
