import { Duration, Size, Validations } from 'aws-cdk-lib';
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
  MachineImageType,
} from 'aws-cdk-lib/aws-ecs';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface GpuClusterProps {
  readonly clusterName: string;
  readonly vpc: IVpc;
  /** One of `GPU_INSTANCE_TYPES`. */
  readonly instanceType: string;
  readonly minInstances: number;
  readonly maxInstances: number;
  /** Encrypted root volume, which also holds the images. @default Size.gibibytes(100) */
  readonly volumeSize?: Size;
}

/**
 * ECS cluster whose capacity comes from GPU instances. ECS adds instances for tasks that have no place,
 * and takes them away when they are empty; an instance with tasks is never terminated.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html
 */
export class GpuCluster extends Construct {
  readonly cluster: Cluster;
  readonly capacityProvider: AsgCapacityProvider;

  constructor(scope: Construct, id: string, props: GpuClusterProps) {
    super(scope, id);
    this.cluster = new Cluster(this, 'Cluster', {
      clusterName: props.clusterName,
      vpc: props.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    this.capacityProvider = new AsgCapacityProvider(this, 'CapacityProvider', {
      autoScalingGroup: this.instances(props),
      machineImageType: MachineImageType.AMAZON_LINUX_2,
      enableManagedScaling: true,
      enableManagedTerminationProtection: true,
      // ECS drains an instance before it goes, without the Lambda function of earlier days.
      enableManagedDraining: true,
      // A GPU instance is slow to join: driver, agent, first image of several gigabytes.
      instanceWarmupPeriod: Duration.minutes(5).toSeconds(),
    });
    this.cluster.addAsgCapacityProvider(this.capacityProvider);
    this.cluster.addDefaultCapacityProviderStrategy([
      { capacityProvider: this.capacityProvider.capacityProviderName, weight: 1 },
    ]);
  }

  private instances(props: GpuClusterProps): AutoScalingGroup {
    const userData = UserData.forLinux();
    userData.addCommands(
      'echo ECS_AWSVPC_BLOCK_IMDS=true >> /etc/ecs/ecs.config',
      'echo ECS_ENABLE_GPU_SUPPORT=true >> /etc/ecs/ecs.config',
    );
    const role = this.instanceRole();
    const template = new LaunchTemplate(this, 'LaunchTemplate', {
      instanceType: new InstanceType(props.instanceType),
      machineImage: EcsOptimizedImage.amazonLinux2023(AmiHardwareType.GPU),
      role,
      securityGroup: new SecurityGroup(this, 'InstanceSecurityGroup', {
        vpc: props.vpc,
        description: 'GPU instances: no way in, tasks have network interfaces of their own',
      }),
      userData,
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      // One hop: the instance's role stays out of reach of containers.
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs((props.volumeSize ?? Size.gibibytes(100)).toGibibytes(), {
            encrypted: true,
            volumeType: EbsDeviceVolumeType.GP3,
            deleteOnTermination: true,
          }),
        },
      ],
    });
    const group = new AutoScalingGroup(this, 'Instances', {
      vpc: props.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      launchTemplate: template,
      minCapacity: props.minInstances,
      maxCapacity: props.maxInstances,
      // ECS decides which instance may go.
      newInstancesProtectedFromScaleIn: true,
      groupMetrics: [GroupMetrics.all()],
    });
    Validations.of(group).acknowledge({
      id: 'AwsSolutions-AS3',
      reason:
        'ECS scales the group for its tasks; launches are visible in the group metrics and in deployment diagnoses',
    });
    return group;
  }

  /**
   * What the ECS agent calls, and nothing more: images and logs are the affair of the execution role.
   *
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
   */
  private instanceRole(): IRole {
    const cluster = this.cluster.clusterArn;
    const role = new Role(this, 'InstanceRole', {
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
              resources: [cluster],
            }),
            new PolicyStatement({
              actions: ['ecs:Poll', 'ecs:StartTelemetrySession'],
              resources: ['*'],
              conditions: { ArnEquals: { 'ecs:cluster': cluster } },
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
}
