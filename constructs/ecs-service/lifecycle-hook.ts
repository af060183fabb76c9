import { DeploymentLifecycleStage } from 'aws-cdk-lib/aws-ecs';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';

/** A hook as the template has it. */
export interface LifecycleHook {
  readonly HookTargetArn: string;
  readonly RoleArn: string;
  readonly LifecycleStages: readonly string[];
}

/**
 * ECS asks the function once the test listener leads to the new tasks, and goes back when it finds them wrong.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-permissions.html
 */
export function lifecycleHook(
  scope: Construct,
  props: { readonly roleName: string; readonly target: IFunction },
): LifecycleHook {
  const role = new Role(scope, 'HookRole', {
    roleName: props.roleName,
    description: 'ECS asks the verification function while a deployment is under way',
    assumedBy: new ServicePrincipal('ecs.amazonaws.com'),
    inlinePolicies: {
      Invoke: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: ['lambda:InvokeFunction'],
            resources: [props.target.functionArn],
          }),
        ],
      }),
    },
  });
  return {
    HookTargetArn: props.target.functionArn,
    RoleArn: role.roleArn,
    LifecycleStages: [DeploymentLifecycleStage.POST_TEST_TRAFFIC_SHIFT],
  };
}
