import { Duration, type Stack } from 'aws-cdk-lib';
import { type SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  Cluster,
  ContainerInsights,
  Ec2Service,
  type Ec2TaskDefinition,
  FargateService,
  type FargateTaskDefinition,
  PlacementStrategy,
} from 'aws-cdk-lib/aws-ecs';
import type { PlainNetworkStack } from './account-stacks';
import type { DeployedNames } from './deploy-statements';
import { gpuCapacity } from './gpu-capacity';
import type { PlainDeployment } from './settings';

export interface ServiceProps {
  readonly names: DeployedNames;
  readonly deployment: PlainDeployment;
  readonly network: PlainNetworkStack;
  readonly taskDefinition: Ec2TaskDefinition | FargateTaskDefinition;
  readonly securityGroup: SecurityGroup;
}

/** The service on its cluster: on GPU instances, or on Fargate. */
export function plainService(stack: Stack, props: ServiceProps): Ec2Service | FargateService {
  const { names, deployment, network, taskDefinition, securityGroup } = props;
  const settings = {
    serviceName: names.service,
    taskDefinition,
    desiredCount: deployment.minTasks,
    minHealthyPercent: 100,
    maxHealthyPercent: 200,
    circuitBreaker: { enable: true, rollback: true },
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    securityGroups: [securityGroup],
    healthCheckGracePeriod: Duration.seconds(180),
    enableECSManagedTags: true,
    enableExecuteCommand: false,
  };
  const { instances } = deployment;
  if (!instances) {
    const capacityProviderStrategies = [{ capacityProvider: 'FARGATE', weight: 1 }];
    const cluster = new Cluster(stack, 'Cluster', {
      clusterName: names.cluster,
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
      enableFargateCapacityProviders: true,
    });
    cluster.addDefaultCapacityProviderStrategy(capacityProviderStrategies);
    return new FargateService(stack, 'Service', { ...settings, cluster, capacityProviderStrategies });
  }
  const cluster = new Cluster(stack, 'Cluster', {
    clusterName: names.cluster,
    vpc: network.vpc,
    containerInsightsV2: ContainerInsights.ENABLED,
  });
  const capacityProvider = gpuCapacity(stack, {
    cluster,
    vpc: network.vpc,
    instances,
    ...(instances.spot && { spot: instances.spot }),
  });
  cluster.addDefaultCapacityProviderStrategy([{ capacityProvider, weight: 1 }]);
  return new Ec2Service(stack, 'Service', {
    ...settings,
    cluster,
    capacityProviderStrategies: [{ capacityProvider, weight: 1 }],
    placementStrategies: [
      PlacementStrategy.spreadAcross('attribute:ecs.availability-zone'),
      PlacementStrategy.packedByMemory(),
    ],
  });
}
