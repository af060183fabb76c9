import { Validations } from 'aws-cdk-lib';
import type { ICluster } from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/**
 * What the ECS agent calls, and nothing more: images and logs are the affair of the execution role.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
export function instanceRole(scope: Construct, id: string, { clusterArn }: ICluster): IRole {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    inlinePolicies: {
      Agent: new PolicyDocument({
        statements: [
          new PolicyStatement({
            actions: [
              'ecs:DeregisterContainerInstance',
              'ecs:RegisterContainerInstance',
              'ecs:SubmitAttachmentStateChanges',
              'ecs:SubmitContainerStateChange',
              'ecs:SubmitTaskStateChange',
            ],
            resources: [clusterArn],
          }),
          new PolicyStatement({
            actions: ['ecs:Poll', 'ecs:StartTelemetrySession'],
            resources: ['*'],
            conditions: { ArnEquals: { 'ecs:cluster': clusterArn } },
          }),
          new PolicyStatement({ actions: ['ecs:DiscoverPollEndpoint'], resources: ['*'] }),
        ],
      }),
    },
  });
  Validations.of(role).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason:
      'The agent polls before it has an ARN; polling is bound to the cluster by a condition, the endpoint look-up reads only',
  });
  // The CDK would add the registry and every log group of the account.
  return role.withoutPolicyUpdates();
}
