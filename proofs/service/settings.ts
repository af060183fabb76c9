import { type Fault, MANIFEST_PATH } from '../../contract';
import { type Artefacts, Unresolved, type Value } from '../artefacts';
import { list, type Properties, record, said } from '../flow/capacity/template-values';
import type { Checked } from '../calls/text';
import { sleepFaults } from './sleep';
import { isShifting, serviceSpecOf, type ServiceSpec, type ServiceUpdate } from './spec';
import {
  placeOfService,
  type TemplateService,
  templateServices,
  unless,
  type Wrong,
  wrongAt,
} from './template';

/** How a template says a strategy. */
const STRATEGIES: Readonly<Record<ServiceUpdate['strategy'], string>> = {
  rolling: 'ROLLING',
  blueGreen: 'BLUE_GREEN',
  canary: 'CANARY',
  linear: 'LINEAR',
};
/** What ECS takes where a template names no percentages. */
const DEFAULTS = { minimum: 100, maximum: 200 } as const;
/** The stage in which the hook asks: the test listener leads to the new tasks, that of clients not yet. */
const STAGE = 'POST_TEST_TRAFFIC_SHIFT';

/**
 * The pipeline sends the settings of an update with each deployment, so that those of the template are only what runs
 * until then: both must say the same.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-ecs-service-deploymentconfiguration.html
 */
export function updateSettings(artefacts: Artefacts): Checked {
  const unread = artefacts.manifest.targets.flatMap((target) => {
    const read = serviceSpecOf(target);
    return read && 'unread' in read
      ? read.unread.map((field) => unreadField(`${target.id} (${target.constructPath}) spec.${field}`))
      : [];
  });
  const services = templateServices(artefacts);
  return {
    checked: unread.length + services.length * 5,
    findings: [...unread, ...services.flatMap(faultsOf)],
  };
}

const unreadField = (where: string): Fault => ({
  place: `${MANIFEST_PATH} targets.${where}`,
  value: 'no setting that could be compared',
  allowed: 'how the service is updated, as the template says it',
  change: 'run `npx projen` to write the manifest anew',
});

function faultsOf(one: TemplateService): readonly Fault[] {
  const { spec, service } = one;
  const deployment = record(service.properties.DeploymentConfiguration);
  const wrong = [
    ...same('update.strategy', STRATEGIES[spec.update.strategy], deployment.Strategy ?? 'ROLLING'),
    ...same(
      'minimumHealthyPercent',
      spec.minimumHealthyPercent,
      deployment.MinimumHealthyPercent ?? DEFAULTS.minimum,
    ),
    ...same('maximumPercent', spec.maximumPercent, deployment.MaximumPercent ?? DEFAULTS.maximum),
    ...same(
      'alarms',
      [...spec.alarms].sort().join(', '),
      list(record(deployment.Alarms).AlarmNames).map(String).sort().join(', '),
    ),
    ...shiftFaults(spec.update, deployment),
    ...hookFaults(spec, deployment),
    ...sleepFaults(one),
  ];
  return wrongAt(
    `${placeOfService(one)} spec, beside ${service.path}`,
    'run `npx projen`, so that the manifest follows the stacks',
    wrong,
  );
}

function shiftFaults(update: ServiceUpdate, deployment: Properties): readonly Wrong[] {
  if (!isShifting(update)) return [];
  const bake = same('update.bakeMinutes', update.bakeMinutes, deployment.BakeTimeInMinutes);
  switch (update.strategy) {
    case 'blueGreen':
      return bake;
    case 'canary': {
      const canary = record(deployment.CanaryConfiguration);
      return [
        ...bake,
        ...same('update.canaryPercent', update.canaryPercent, canary.CanaryPercent),
        ...same('update.canaryMinutes', update.canaryMinutes, canary.CanaryBakeTimeInMinutes),
      ];
    }
    case 'linear': {
      const linear = record(deployment.LinearConfiguration);
      return [
        ...bake,
        ...same('update.stepPercent', update.stepPercent, linear.StepPercent),
        ...same('update.stepMinutes', update.stepMinutes, linear.StepBakeTimeInMinutes),
      ];
    }
  }
}

/** One hook, which is the function that also verifies after the deployment; none where nobody verifies. */
function hookFaults({ update, verification }: ServiceSpec, deployment: Properties): readonly Wrong[] {
  const hooks = hooksOf(deployment.LifecycleHooks).map(record);
  const declared = isShifting(update) ? update.hook : undefined;
  const shown = hooks.map(
    ({ HookTargetArn, RoleArn, LifecycleStages }) =>
      `${said(HookTargetArn)} by ${said(RoleArn)} at ${list(LifecycleStages).map(String).join(' and ')}`,
  );
  const expected = declared
    ? [`${JSON.stringify(declared.functionArn)} by ${JSON.stringify(declared.roleArn)} at ${STAGE}`]
    : [];
  const wanted = isShifting(update) && verification !== undefined;
  return [
    ...unless(
      shown.join(' | ') === expected.join(' | '),
      `update.hook: ${expected.join(', ') || 'none'}`,
      `the hooks of the template: ${shown.join(' | ') || 'none'}`,
    ),
    ...unless(
      wanted === (declared !== undefined),
      `${declared ? 'a hook' : 'no hook'} ${verification ? 'beside a verification' : 'without verification'}`,
      'a hook where traffic is shifted and the service is verified, and nowhere else',
    ),
    ...unless(
      declared === undefined ||
        verification === undefined ||
        declared.functionArn.endsWith(`:function:${verification.functionName}`),
      `the hook ${declared?.functionArn ?? ''}`,
      `the function that verifies: ${verification?.functionName ?? ''}`,
    ),
  ];
}

/** A service that is made has no task yet that could answer a hook: the template may leave it out until then. */
function hooksOf(value: Value | undefined): readonly Value[] {
  const choices = value instanceof Unresolved ? (value.known.choices ?? [value]) : [value];
  return choices.filter((one) => String(one) !== NO_VALUE).flatMap((one) => list(one));
}

const NO_VALUE = '<Ref AWS::NoValue>';

/** CloudFormation takes numbers as text too. */
const same = (field: string, declared: string | number, made: Parameters<typeof said>[0]): readonly Wrong[] =>
  unless(
    made !== undefined && String(declared) === String(made),
    `${field} ${declared}`,
    `${said(made)}, as the template says`,
  );
