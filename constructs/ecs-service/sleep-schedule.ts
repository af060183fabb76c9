import type { BaseService } from 'aws-cdk-lib/aws-ecs';
import type { CfnCondition } from 'aws-cdk-lib';
import type { CfnScalableTarget } from 'aws-cdk-lib/aws-applicationautoscaling';
import type { SleepProps } from './props';

const DAYS: Readonly<Record<SleepProps['days'], string>> = { weekdays: 'MON-FRI', everyDay: '*' };

export interface SleepSchedule {
  readonly sleep: SleepProps;
  /** Limits of autoscaling while the service is awake. */
  readonly tasks: { readonly min: number; readonly max: number };
  readonly nothingReleased: CfnCondition;
}

/**
 * Lets autoscaling take the tasks away at one time and start them at another; the instances follow their tasks. Until
 * something is released there is nothing to wake: the placeholder of the template would start.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scheduled-scaling.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-applicationautoscaling-scalabletarget-scheduledaction.html
 */
export function sleepSchedule(service: BaseService, { sleep, tasks, nothingReleased }: SleepSchedule): void {
  const actions = [
    scheduledAction('sleep', sleep.from, sleep, { min: 0, max: 0 }),
    scheduledAction('wake', sleep.to, sleep, tasks),
  ];
  scalableTargetOf(service).addPropertyOverride('ScheduledActions', {
    'Fn::If': [nothingReleased.logicalId, { Ref: 'AWS::NoValue' }, actions],
  });
}

/** @param at hour and minute, such as `07:30` */
function scheduledAction(
  name: 'sleep' | 'wake',
  at: string,
  { days, timeZone }: SleepProps,
  { min, max }: SleepSchedule['tasks'],
): object {
  const [hour, minute] = at.split(':').map(Number);
  return {
    ScheduledActionName: name,
    Schedule: `cron(${minute} ${hour} ? * ${DAYS[days]} *)`,
    Timezone: timeZone,
    ScalableTargetAction: { MinCapacity: min, MaxCapacity: max },
  };
}

const scalableTargetOf = (service: BaseService): CfnScalableTarget =>
  service.node.findChild('TaskCount').node.findChild('Target').node.defaultChild as CfnScalableTarget;
