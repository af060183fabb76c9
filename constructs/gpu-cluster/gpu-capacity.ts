import { Duration, Size, Validations } from 'aws-cdk-lib';
import {
  AutoScalingGroup,
  type AutoScalingGroupProps,
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  GroupMetrics,
  OnDemandAllocationStrategy,
  PoolState,
  SpotAllocationStrategy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  InstanceType,
  type ISecurityGroup,
  type IVpc,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  SecurityGroup,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import {
  AmiHardwareType,
  AsgCapacityProvider,
  type Cluster,
  EcsOptimizedImage,
  MachineImageType,
} from 'aws-cdk-lib/aws-ecs';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { agentSettings } from './agent-settings';
import { instanceRole } from './instance-role';

/** At least one type, of `GPU_INSTANCE_TYPES`; on demand, the first that AWS has is taken. */
export type GpuInstanceTypes = readonly [string, ...string[]];

export interface GpuCapacityProps {
  readonly cluster: Cluster;
  /** Of the capacity provider, where something names it. @default - CloudFormation chooses one */
  readonly name?: string;
  readonly vpc: IVpc;
  readonly instanceTypes: GpuInstanceTypes;
  readonly minInstances: number;
  readonly maxInstances: number;
  /** @default - instances on demand, and none waits */
  readonly purchase?: GpuPurchase;
  /** Encrypted root volume, which also holds the images. @default Size.gibibytes(100) */
  readonly volumeSize?: Size;
}

/**
 * How instances are bought. Amazon EC2 Auto Scaling refuses a warm pool for a group with several types or with Spot
 * Instances.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-warm-pools.html
 */
export type GpuPurchase =
  | { readonly kind: 'onDemand' }
  /** Stopped instances that wait beside the running ones: their volumes are paid. */
  | { readonly kind: 'warm'; readonly instances: number }
  /** Spot Instances, above so many on demand. AWS may take one away two minutes after it has said so. */
  | { readonly kind: 'spot'; readonly onDemandBase: number };

/**
 * GPU instances of an ECS cluster, and the capacity provider that ECS scales them by. ECS adds instances for tasks that
 * have no place, and takes them away when they are empty; it never terminates an instance with tasks.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html
 */
export class GpuCapacity extends Construct {
  readonly capacityProvider: AsgCapacityProvider;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GpuCapacityProps,
  ) {
    super(scope, id);
    this.capacityProvider = new AsgCapacityProvider(this, 'CapacityProvider', {
      ...(props.name !== undefined && { capacityProviderName: props.name }),
      autoScalingGroup: this.instances(),
      machineImageType: MachineImageType.AMAZON_LINUX_2,
      enableManagedScaling: true,
      enableManagedTerminationProtection: true,
      // ECS drains an instance before it goes, without the Lambda function of earlier days.
      enableManagedDraining: true,
      // A GPU instance is slow to join: driver, agent, first image of several gigabytes.
      instanceWarmupPeriod: Duration.minutes(5).toSeconds(),
    });
    props.cluster.addAsgCapacityProvider(this.capacityProvider);
  }

  /** Whether the group needs a mixed instances policy. */
  private get mixed(): boolean {
    const { instanceTypes, purchase } = this.props;
    return instanceTypes.length > 1 || purchase?.kind === 'spot';
  }

  private instances(): AutoScalingGroup {
    const { vpc, minInstances, maxInstances, purchase } = this.props;
    const role = instanceRole(this, 'InstanceRole', this.props.cluster);
    const group = new AutoScalingGroup(this, 'Instances', {
      vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      ...this.launch(role),
      minCapacity: minInstances,
      maxCapacity: maxInstances,
      // ECS decides which instance may go.
      newInstancesProtectedFromScaleIn: true,
      groupMetrics: [GroupMetrics.all()],
    });
    Validations.of(group).acknowledge({
      id: 'AwsSolutions-AS3',
      reason:
        'ECS scales the group for its tasks; launches are visible in the group metrics and in deployment diagnoses',
    });
    if (this.mixed) {
      Validations.of(group).acknowledge({
        id: 'AwsSolutions-EC26',
        reason:
          'The rule cannot read a launch template behind a mixed instances policy; that template encrypts its volume',
      });
    }
    if (purchase?.kind === 'warm') {
      // ECS refuses `reuseOnScaleIn`; the ceiling keeps the pool at its size, however many instances run.
      group.addWarmPool({
        minSize: purchase.instances,
        maxGroupPreparedCapacity: minInstances + purchase.instances,
        poolState: PoolState.STOPPED,
      });
    }
    return group;
  }

  /**
   * One type on demand needs a launch template only. Capacity rebalancing stays off: ECS hears nothing of instances that
   * it removes.
   *
   * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/allocation-strategies.html
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/spot-instance-draining-linux-container.html
   */
  private launch(role: IRole): Pick<AutoScalingGroupProps, 'launchTemplate' | 'mixedInstancesPolicy'> {
    const { instanceTypes, purchase } = this.props;
    const launchTemplate = this.launchTemplate(role);
    if (!this.mixed) return { launchTemplate };
    return {
      mixedInstancesPolicy: {
        launchTemplate,
        launchTemplateOverrides: instanceTypes.map((type) => ({ instanceType: new InstanceType(type) })),
        instancesDistribution: {
          onDemandAllocationStrategy: OnDemandAllocationStrategy.PRIORITIZED,
          onDemandBaseCapacity: purchase?.kind === 'spot' ? purchase.onDemandBase : 0,
          onDemandPercentageAboveBaseCapacity: purchase?.kind === 'spot' ? 0 : 100,
          spotAllocationStrategy: SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
        },
      },
    };
  }

  private launchTemplate(role: IRole): LaunchTemplate {
    const { instanceTypes, purchase, volumeSize, vpc } = this.props;
    return new LaunchTemplate(this, 'LaunchTemplate', {
      instanceType: new InstanceType(instanceTypes[0]),
      machineImage: EcsOptimizedImage.amazonLinux2023(AmiHardwareType.GPU),
      role,
      securityGroup: this.securityGroup(vpc),
      userData: agentSettings(purchase?.kind ?? 'onDemand'),
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      // One hop: the instance's role stays out of reach of containers.
      httpPutResponseHopLimit: 1,
      detailedMonitoring: true,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs((volumeSize ?? Size.gibibytes(100)).toGibibytes(), {
            encrypted: true,
            volumeType: EbsDeviceVolumeType.GP3,
            deleteOnTermination: true,
          }),
        },
      ],
    });
  }

  private securityGroup(vpc: IVpc): ISecurityGroup {
    return new SecurityGroup(this, 'InstanceSecurityGroup', {
      vpc,
      description: 'GPU instances: no way in, tasks have network interfaces of their own',
    });
  }
}
