import {
  type BaseServiceOptions,
  Ec2Service,
  FargatePlatformVersion,
  FargateService,
  PlacementStrategy,
  type TaskDefinition,
} from 'aws-cdk-lib/aws-ecs';
import { type ISecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import { GpuCluster } from '../gpu-cluster';
import { FARGATE, fargateCluster } from './fargate-cluster';
import type { EcsServiceProps, GpuCompute } from './props';

/** What a service is made of, wherever it runs. */
export interface HostedService extends Omit<BaseServiceOptions, 'cluster' | 'capacityProviderStrategies'> {
  readonly taskDefinition: TaskDefinition;
  readonly securityGroup: ISecurityGroup;
}

export type MakeService = (id: string, service: HostedService) => Ec2Service | FargateService;

/** Makes the cluster; services are made on it later. */
export function serviceHost(scope: Construct, props: EcsServiceProps): MakeService {
  return props.compute.kind === 'gpu' ? gpuHost(scope, props, props.compute) : fargateHost(scope, props);
}

const IN_PRIVATE_SUBNETS = { vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS } };

function gpuHost(scope: Construct, props: EcsServiceProps, compute: GpuCompute): MakeService {
  const { cluster, capacityProvider } = new GpuCluster(scope, 'Gpu', {
    clusterName: props.names.cluster,
    vpc: props.vpc,
    instanceTypes: compute.instanceTypes,
    purchase: compute.purchase,
    minInstances: compute.instances.min,
    maxInstances: compute.instances.max,
  });
  return (id, { securityGroup, ...service }) =>
    new Ec2Service(scope, id, {
      ...service,
      ...IN_PRIVATE_SUBNETS,
      cluster,
      securityGroups: [securityGroup],
      capacityProviderStrategies: [{ capacityProvider: capacityProvider.capacityProviderName, weight: 1 }],
      placementStrategies: [
        PlacementStrategy.spreadAcross('attribute:ecs.availability-zone'),
        PlacementStrategy.packedByMemory(),
      ],
    });
}

function fargateHost(scope: Construct, { names, vpc }: EcsServiceProps): MakeService {
  const cluster = fargateCluster(scope, 'Cluster', { clusterName: names.cluster, vpc });
  return (id, { securityGroup, ...service }) =>
    new FargateService(scope, id, {
      ...service,
      ...IN_PRIVATE_SUBNETS,
      cluster,
      securityGroups: [securityGroup],
      capacityProviderStrategies: [{ capacityProvider: FARGATE, weight: 1 }],
      platformVersion: FargatePlatformVersion.LATEST,
      assignPublicIp: false,
    });
}
