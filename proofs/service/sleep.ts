import { Unresolved, type Value } from '../artefacts';
import { list, record, said } from '../flow/capacity/template-values';
import { unless, type Wrong } from '../wrong';
import type { ServiceSpec } from './spec';
import type { TemplateService } from './template';

type Sleep = NonNullable<ServiceSpec['sleep']>;

/** Days as cron names them. */
const DAYS: Readonly<Record<Sleep['days'], string>> = { weekdays: 'MON-FRI', everyDay: '*' };

/**
 * When autoscaling takes the tasks away, and when it starts them: the deployer tells people by the manifest what the
 * template does.
 *
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
 */
export function sleepFaults({ spec, service, index }: TemplateService): readonly Wrong[] {
  const made = index
    .all(service, 'AWS::ApplicationAutoScaling::ScalableTarget')
    .filter(({ properties }) => index.refersTo(properties.ResourceId, service.logicalId))
    .flatMap(({ properties }) => actionsOf(properties.ScheduledActions))
    .map(shown)
    .toSorted();
  const declared = (spec.sleep ? timesOf(spec.sleep) : []).toSorted();
  return unless(
    made.join(' | ') === declared.join(' | '),
    `sleep: ${declared.join(' | ') || 'never'}`,
    `the scheduled actions of the template: ${made.join(' | ') || 'none'}`,
  );
}

/** The template leaves them out until something is released. */
function actionsOf(value: Value | undefined): readonly Value[] {
  const choices = value instanceof Unresolved ? (value.known.choices ?? [value]) : [value];
  return choices.filter((one) => String(one) !== '<Ref AWS::NoValue>').flatMap((one) => list(one));
}

function shown(action: Value): string {
  const { Schedule, Timezone, ScalableTargetAction } = record(action);
  const asleep = Number(record(ScalableTargetAction).MaxCapacity) === 0;
  return `${asleep ? 'asleep' : 'awake'} at ${String(Schedule)} in ${Timezone === undefined ? 'UTC' : said(Timezone)}`;
}

function timesOf({ from, to, days, timeZone }: Sleep): readonly string[] {
  const at = (time: string): string => {
    const [hour, minute] = time.split(':').map(Number);
    return `cron(${minute} ${hour} ? * ${DAYS[days]} *) in ${JSON.stringify(timeZone)}`;
  };
  return [`asleep at ${at(from)}`, `awake at ${at(to)}`];
}
