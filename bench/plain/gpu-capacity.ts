import { Duration, type Stack, Validations } from 'aws-cdk-lib';
import {
  AutoScalingGroup,
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  GroupMetrics,
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
import {
  AmiHardwareType,
  AsgCapacityProvider,
  Cluster,
  ContainerInsights,
  EcsOptimizedImage,
} from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

export interface GpuCapacityProps {
  readonly clusterName: string;
  readonly vpc: IVpc;
  readonly instances: { readonly min: number; readonly max: number };
}

/** A cluster on g4dn instances that ECS adds and removes. */
export function gpuCapacity(
  stack: Stack,
  { clusterName, vpc, instances }: GpuCapacityProps,
): { readonly cluster: Cluster; readonly capacityProvider: string } {
  const cluster = new Cluster(stack, 'Cluster', {
    clusterName,
    vpc,
    containerInsightsV2: ContainerInsights.ENABLED,
  });
  const userData = UserData.forLinux();
  userData.addCommands(
    'echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config',
    'echo ECS_ENABLE_GPU_SUPPORT=true >> /etc/ecs/ecs.config',
  );
  const role = instanceRole(stack, cluster);
  const group = new AutoScalingGroup(stack, 'Instances', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    launchTemplate: new LaunchTemplate(stack, 'LaunchTemplate', {
      instanceType: new InstanceType('g4dn.xlarge'),
      machineImage: EcsOptimizedImage.amazonLinux2023(AmiHardwareType.GPU),
      role,
      securityGroup: new SecurityGroup(stack, 'InstanceSecurityGroup', { vpc, description: 'GPU instances' }),
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
    }),
    minCapacity: instances.min,
    maxCapacity: instances.max,
    newInstancesProtectedFromScaleIn: true,
    groupMetrics: [GroupMetrics.all()],
  });
  Validations.of(group).acknowledge({ id: 'AwsSolutions-AS3', reason: 'ECS scales the group for its tasks' });
  const provider = new AsgCapacityProvider(stack, 'CapacityProvider', {
    autoScalingGroup: group,
    enableManagedScaling: true,
    enableManagedTerminationProtection: true,
    enableManagedDraining: true,
    instanceWarmupPeriod: Duration.minutes(5).toSeconds(),
  });
  cluster.addAsgCapacityProvider(provider);
  const capacityProvider = provider.capacityProviderName;
  cluster.addDefaultCapacityProviderStrategy([{ capacityProvider, weight: 1 }]);
  return { cluster, capacityProvider };
}

/** What the ECS agent calls, without the wildcards that the CDK would grant it. */
function instanceRole(stack: Stack, { clusterArn }: Cluster): IRole {
  const role = new Role(stack, 'InstanceRole', {
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
