import { CfnCondition, Fn } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Construct } from 'constructs';
import { NOTHING_RELEASED } from '../../contract';
import { releasedValue } from '../delivery-state';

export interface EndpointScalingProps {
  readonly endpoint: string;
  readonly variant: string;
  readonly account: string;
  /** SSM parameter that holds the released endpoint config. */
  readonly releasedConfig: string;
  readonly instances: { readonly min: number; readonly max: number };
  /** Invocations that one instance serves in a minute. */
  readonly invocationsPerInstance: number;
}

/**
 * Autoscaling of an endpoint. Application Auto Scaling refuses a variant that does not exist, and the pipeline makes
 * the endpoint: therefore the template holds it from the first `cdk deploy` after the first release on. The deployer
 * leaves it alone, so that no role of a job may change the limits.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/endpoint-auto-scaling-prerequisites.html
 */
export class EndpointScaling extends Construct {
  constructor(scope: Construct, id: string, props: EndpointScalingProps) {
    super(scope, id);
    const { endpoint, variant, instances } = props;
    const released = releasedValue(this, 'ReleasedConfig', props.releasedConfig);
    const condition = new CfnCondition(this, 'Released', {
      expression: Fn.conditionNot(Fn.conditionEquals(released.valueAsString, NOTHING_RELEASED)),
    });
    const dimension = {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${endpoint}/variant/${variant}`,
    };
    const target = new CfnScalableTarget(this, 'Target', {
      ...dimension,
      minCapacity: instances.min,
      maxCapacity: instances.max,
      roleArn: `arn:aws:iam::${props.account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
    });
    const policy = new CfnScalingPolicy(this, 'Policy', {
      ...dimension,
      policyName: `${endpoint}-invocations`,
      policyType: 'TargetTrackingScaling',
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: 'SageMakerVariantInvocationsPerInstance',
        },
        targetValue: props.invocationsPerInstance,
        scaleInCooldown: 600,
        scaleOutCooldown: 180,
      },
    });
    policy.addResourceDependency(target);
    for (const resource of [target, policy]) resource.cfnOptions.condition = condition;
  }
}
