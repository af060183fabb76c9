import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';

/** Capacity provider of AWS, whose machines nobody sees. */
export const FARGATE = 'FARGATE';

/**
 * ECS cluster whose tasks run on AWS Fargate.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
 */
export function fargateCluster(
  scope: Construct,
  id: string,
  props: { readonly clusterName: string; readonly vpc: IVpc },
): Cluster {
  const cluster = new Cluster(scope, id, {
    ...props,
    containerInsightsV2: ContainerInsights.ENABLED,
    enableFargateCapacityProviders: true,
  });
  cluster.addDefaultCapacityProviderStrategy([{ capacityProvider: FARGATE, weight: 1 }]);
  return cluster;
}
