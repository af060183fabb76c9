import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Ec2Action, Ec2InstanceAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';

export interface StatusAlarmsProps {
  readonly instanceId: string;
  /** First part of the names of the alarms. */
  readonly prefix: string;
}

/**
 * Moves the instance to other hardware when its own fails, and starts it anew when it does not answer. It keeps id,
 * address and volumes.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/UsingAlarmActions.html
 */
export class StatusAlarms extends Construct {
  constructor(scope: Construct, id: string, { instanceId, prefix }: StatusAlarmsProps) {
    super(scope, id);
    const alarm = (name: string, metricName: string, minutes: number, description: string) =>
      new Alarm(this, name, {
        alarmName: `${prefix}-${name.toLowerCase()}-check`,
        alarmDescription: description,
        metric: new Metric({
          namespace: 'AWS/EC2',
          metricName,
          dimensionsMap: { InstanceId: instanceId },
          statistic: 'Maximum',
          period: Duration.minutes(1),
        }),
        threshold: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: minutes,
        treatMissingData: TreatMissingData.MISSING,
      });
    alarm(
      'System',
      'StatusCheckFailed_System',
      2,
      'The hardware below the node fails; EC2 moves it',
    ).addAlarmAction(new Ec2Action(Ec2InstanceAction.RECOVER));
    // Later than the other one: two actions at a time would stand in each other's way.
    alarm(
      'Instance',
      'StatusCheckFailed_Instance',
      5,
      'The node does not answer; EC2 starts it anew',
    ).addAlarmAction(new Ec2Action(Ec2InstanceAction.REBOOT));
  }
}
