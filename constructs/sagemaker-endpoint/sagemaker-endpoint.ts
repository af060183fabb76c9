import { Duration } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { type AwsCall, type Fault, LockstepError, type Verb } from '../../contract';
import { sagemakerEndpointCalls } from './calls';
import { EndpointScaling } from './endpoint-scaling';
import { executionRole } from './execution-role';
import { GuardrailAlarms, guardrailAlarmNames } from './guardrail-alarms';
import type { SagemakerEndpointNames } from './names';
import {
  movesParts,
  type SagemakerEndpointSpec,
  settingsOf,
  specFaults,
  under,
  type UpdatePolicy,
} from './spec';

export interface SagemakerEndpointProps {
  readonly names: SagemakerEndpointNames;
  readonly account: string;
  readonly region: string;
  /** Repository of the images, in whatever account it lies. */
  readonly repositoryArn: string;
  /** Name of the bucket that models are deployed from, in whatever account it lies. */
  readonly modelBucket: string;
  /** What the very first release serves, such as `s3://bucket/key.tar.gz`. @default - the run names a model */
  readonly initialModel?: string;
  readonly instanceType: string;
  /** Instances that the first deployment starts, and the limits between which they scale. */
  readonly instances: { readonly initial: number; readonly min: number; readonly max: number };
  /** Invocations that one instance serves in a minute; autoscaling keeps to it. @default 1000 */
  readonly invocationsPerInstance?: number;
  readonly update: UpdatePolicy;
  /** Alarms that undo an update besides those on 5xx and latency; at most 8. @default - none */
  readonly alarms?: readonly string[];
  /** Model latency above which an update is undone. @default - the latency budget of the verification */
  readonly modelLatency?: Duration;
  /** Where requests and answers are kept. @default - nowhere */
  readonly dataCapture?: { readonly bucketUri: string; readonly percentage: number };
  /** Released versions that one can go back to. @default 5 */
  readonly keepConfigs?: number;
  readonly deployTimeout: Duration;
  readonly verification: SagemakerEndpointSpec['verification'];
}

/**
 * What a real-time endpoint of SageMaker needs: role, alarms, autoscaling, and the settings that a release is made
 * of. The endpoint itself is made by the first deployment, so that the stack needs neither model nor image, and no
 * later `cdk deploy` changes what serves.
 */
export class SagemakerEndpoint extends Construct {
  readonly spec: SagemakerEndpointSpec;

  /** @throws LockstepError `InvalidConfiguration` beyond the limits of SageMaker's API, all faults at once */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: SagemakerEndpointProps,
  ) {
    super(scope, id);
    const { names, instances } = props;
    this.spec = sagemakerEndpointSpec(props);
    const faults = [...specFaults(this.spec, under(this.node.path)), ...scalingFaults(props, this.node.path)];
    if (faults.length > 0) throw new LockstepError('InvalidConfiguration', faults);
    const { endpoint, variant, alarms, verification } = this.spec;
    new GuardrailAlarms(this, 'Alarms', {
      endpoint,
      variant,
      modelLatency: props.modelLatency ?? Duration.millis(verification.latencyBudgetMs),
    });
    const role = executionRole(this, 'ExecutionRole', {
      ...props,
      roleName: names.executionRole,
      endpoint,
      alarms,
      ...(props.dataCapture ? { captureUri: props.dataCapture.bucketUri } : {}),
    });
    const settings = new StringParameter(this, 'DeclaredSettings', {
      parameterName: names.declaredSettings,
      stringValue: JSON.stringify(settingsOf(this.spec)),
    });
    // Settings that are declared are settings that work: the pipeline reads them before anything else.
    settings.node.addDependency(role);
    new EndpointScaling(this, 'Scaling', {
      endpoint,
      variant,
      account: props.account,
      releasedConfig: names.releasedConfig,
      instances,
      invocationsPerInstance: props.invocationsPerInstance ?? 1_000,
    });
  }

  /** What each verb of the deployer calls on this endpoint. */
  calls(): Record<Verb, AwsCall[]> {
    return sagemakerEndpointCalls(this.spec, this.props);
  }
}

/** What the deployer is told of an endpoint. It is not judged yet. */
export function sagemakerEndpointSpec(props: SagemakerEndpointProps): SagemakerEndpointSpec {
  const { names } = props;
  return {
    endpoint: names.endpoint,
    namePrefix: names.namePrefix,
    variant: 'AllTraffic',
    executionRoleArn: `arn:aws:iam::${props.account}:role/${names.executionRole}`,
    instanceType: props.instanceType,
    instanceCount: props.instances.initial,
    modelBucket: props.modelBucket,
    ...(props.initialModel === undefined ? {} : { initialModel: props.initialModel }),
    parameters: {
      declaredSettings: names.declaredSettings,
      releasedConfig: names.releasedConfig,
      releasedImage: names.releasedImage,
      releasedModel: names.releasedModel,
    },
    ...(props.dataCapture ? { dataCapture: props.dataCapture } : {}),
    update: props.update,
    alarms: [...guardrailAlarmNames(names.endpoint), ...(props.alarms ?? [])],
    keepConfigs: props.keepConfigs ?? 5,
    // The spec judges fractions together with everything else.
    deployTimeoutMinutes: props.deployTimeout.toMinutes({ integral: false }),
    verification: props.verification,
  };
}

/** Instances that scaling and updates cannot work with. */
export function scalingFaults(
  { instances, update }: Pick<SagemakerEndpointProps, 'instances' | 'update'>,
  place: string,
): readonly Fault[] {
  const { initial, min, max } = instances;
  // What autoscaling leaves must still be enough to be moved in parts.
  const least = update.strategy === 'AllAtOnce' ? 1 : 2;
  if (Number.isInteger(min) && Number.isInteger(max) && min >= least && min <= initial && initial <= max) {
    return [];
  }
  const tooFew = update.strategy !== 'AllAtOnce' && min < least;
  return [
    {
      place: `${place}.instances`,
      value: `min ${min}, initial ${initial}, max ${max}`,
      allowed: `whole numbers, ${least} ≤ min ≤ initial ≤ max${tooFew ? `: ${movesParts(update)}` : ''}`,
      change: tooFew
        ? `set instances.min${max < least ? ' and instances.max' : ''} to at least ${least}, or update.strategy to 'allAtOnce'`
        : inOrder(instances),
    },
  ];
}

/** How instances come into their order. */
function inOrder({ initial, min, max }: SagemakerEndpointProps['instances']): string {
  if (![initial, min, max].every(Number.isInteger)) return 'write whole numbers';
  if (min < 1) return 'set instances.min to at least 1';
  if (min > max) return 'raise instances.max, or lower instances.min';
  return `set instances.initial to a number from ${min} to ${max}, or leave it out`;
}
