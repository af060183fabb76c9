import { CfnParameter, RemovalPolicy } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { NOTHING_RELEASED } from '../../contract';

export interface DeliveryStateProps {
  /** Names of the SSM parameters, one for each thing that the pipeline owns. */
  readonly parameterNames: readonly string[];
}

/**
 * SSM parameters through which the pipeline owns what runs. CloudFormation makes them once, with the
 * value `none`; the pipeline writes them after each success; other stacks read them at deployment.
 *
 * They are kept apart from those stacks because CloudFormation resolves a stack's parameters before it
 * makes its resources. Their template is constant, so that no update ever writes `none` again.
 */
export class DeliveryState extends Construct {
  constructor(scope: Construct, id: string, props: DeliveryStateProps) {
    super(scope, id);
    for (const parameterName of props.parameterNames) {
      const parameter = new StringParameter(this, parameterName.slice(parameterName.lastIndexOf('/') + 1), {
        parameterName,
        stringValue: NOTHING_RELEASED,
      });
      parameter.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}

/** Reads a parameter of the delivery state when the stack is deployed. */
export function releasedValue(scope: Construct, id: string, parameterName: string): CfnParameter {
  return new CfnParameter(scope, id, {
    type: 'AWS::SSM::Parameter::Value<String>',
    default: parameterName,
    description: 'Owned by the pipeline, written after each successful deployment',
  });
}
