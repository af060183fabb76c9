import { Duration, Validations } from 'aws-cdk-lib';
import {
  AutoScalingGroup,
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  GroupMetrics,
  type MixedInstancesPolicy,
  SpotAllocationStrategy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  InstanceType,
  type IVpc,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  SecurityGroup,
  SubnetType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { AmiHardwareType, AsgCapacityProvider, type Cluster, EcsOptimizedImage } from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface GpuCapacityProps {
  readonly cluster: Cluster;
  readonly vpc: IVpc;
  /** @default 'g4dn.xlarge' */
  readonly instanceType?: string;
  readonly instances: { readonly min: number; readonly max: number };
  /** Types of Spot Instances, whichever AWS has. @default - instances on demand */
  readonly spot?: readonly string[];
}

/** GPU instances of a cluster that ECS adds and removes; the name of their capacity provider. */
export function gpuCapacity(
  scope: Construct,
  { cluster, vpc, instanceType = 'g4dn.xlarge', instances, spot }: GpuCapacityProps,
): string {
  const userData = UserData.forLinux();
  userData.addCommands(
    'echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config',
    'echo ECS_ENABLE_GPU_SUPPORT=true >> /etc/ecs/ecs.config',
    ...(spot ? ['echo ECS_ENABLE_SPOT_INSTANCE_DRAINING=true >> /etc/ecs/ecs.config'] : []),
  );
  const role = instanceRole(scope, cluster);
  const launchTemplate = new LaunchTemplate(scope, 'LaunchTemplate', {
    instanceType: new InstanceType(spot?.[0] ?? instanceType),
    machineImage: EcsOptimizedImage.amazonLinux2023(AmiHardwareType.GPU),
    role,
    securityGroup: new SecurityGroup(scope, 'InstanceSecurityGroup', { vpc, description: 'GPU instances' }),
    userData,
    httpTokens: LaunchTemplateHttpTokens.REQUIRED,
    httpPutResponseHopLimit: 1,
    detailedMonitoring: true,
    blockDevices: [
      {
        deviceName: '/dev/xvda',
        volume: BlockDeviceVolume.ebs(100, { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 }),
      },
    ],
  });
  const group = new AutoScalingGroup(scope, 'Instances', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    ...(spot ? { mixedInstancesPolicy: onSpot(launchTemplate, spot) } : { launchTemplate }),
    minCapacity: instances.min,
    maxCapacity: instances.max,
    newInstancesProtectedFromScaleIn: true,
    groupMetrics: [GroupMetrics.all()],
  });
  Validations.of(group).acknowledge({ id: 'AwsSolutions-AS3', reason: 'ECS scales the group for its tasks' });
  if (spot) {
    const reason = 'The rule cannot read a launch template behind a mixed instances policy';
    Validations.of(group).acknowledge({ id: 'AwsSolutions-EC26', reason });
  }
  const provider = new AsgCapacityProvider(scope, 'CapacityProvider', {
    autoScalingGroup: group,
    enableManagedScaling: true,
    enableManagedTerminationProtection: true,
    enableManagedDraining: true,
    instanceWarmupPeriod: Duration.minutes(5).toSeconds(),
  });
  cluster.addAsgCapacityProvider(provider);
  return provider.capacityProviderName;
}

const onSpot = (launchTemplate: LaunchTemplate, types: readonly string[]): MixedInstancesPolicy => ({
  launchTemplate,
  launchTemplateOverrides: types.map((type) => ({ instanceType: new InstanceType(type) })),
  instancesDistribution: {
    onDemandPercentageAboveBaseCapacity: 0,
    spotAllocationStrategy: SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
  },
});

/** What the ECS agent calls, without the wildcards that the CDK would grant it. */
function instanceRole(scope: Construct, { clusterArn }: Cluster): IRole {
  const role = new Role(scope, 'InstanceRole', {
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
    reason: 'The agent finds its endpoint before it has an ARN; the cluster is a condition where IAM has one',
  });
  return role.withoutPolicyUpdates();
}
