import { CfnCondition, CfnOutput, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import {
  AlarmBehavior,
  type CfnService,
  ContainerImage,
  Ec2Service,
  LogDrivers,
  PlacementStrategy,
} from 'aws-cdk-lib/aws-ecs';
import { type ISecurityGroup, type IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { NOTHING_RELEASED, type AwsCall, type Verb } from '../../contract';
import { releasedValue } from '../delivery-state';
import { GPU_INSTANCE_TYPES, GpuCluster } from '../gpu-cluster';
import { ServiceLoadBalancer, type LoadBalancerScheme } from './service-load-balancer';
import { ecsServiceCalls, type EcsServiceSpec } from './spec';
import { type GpuContainer, gpuTaskDefinition, type TaskNames } from './task-definition';

export interface GpuEcsServiceNames extends TaskNames {
  readonly cluster: string;
  readonly service: string;
  readonly logGroup: string;
  /** SSM parameter that this construct writes. */
  readonly declaredTaskDefinition: string;
  /** SSM parameters that the pipeline writes. */
  readonly releasedTaskDefinition: string;
  readonly releasedImage: string;
}

export interface GpuEcsServiceProps {
  readonly names: GpuEcsServiceNames;
  readonly account: string;
  readonly region: string;
  readonly vpc: IVpc;
  readonly vpcCidr: string;
  readonly accessLogs: IBucket;
  readonly container: GpuContainer;
  /** Repository of the images, in whatever account it lies. */
  readonly repositoryArn: string;
  readonly instanceType: string;
  readonly instances: { readonly min: number; readonly max: number };
  readonly tasks: { readonly desired: number; readonly min: number; readonly max: number };
  readonly loadBalancer: LoadBalancerScheme;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly deployTimeout: Duration;
  readonly placementTimeout: Duration;
  readonly logRetention: RetentionDays;
}

/**
 * A service on GPU instances, with load balancer, alarms, autoscaling and logs. CloudFormation makes it
 * with no task; the pipeline owns which task definition runs and how many tasks (ADR 0002).
 */
export class GpuEcsService extends Construct {
  readonly spec: EcsServiceSpec;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GpuEcsServiceProps,
  ) {
    super(scope, id);
    const { names } = props;
    this.spec = specOf(props);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: names.logGroup,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const taskDefinition = gpuTaskDefinition(this, {
      names,
      container: props.container,
      repositoryArn: props.repositoryArn,
      account: props.account,
      // The pipeline sets the image; until then nothing runs.
      image: ContainerImage.fromRegistry(PLACEHOLDER_IMAGE),
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: LOG_STREAM_PREFIX }),
    });
    new StringParameter(this, 'DeclaredTaskDefinition', {
      parameterName: names.declaredTaskDefinition,
      stringValue: taskDefinition.taskDefinitionArn,
    });
    const cluster = new GpuCluster(this, 'Gpu', {
      clusterName: names.cluster,
      vpc: props.vpc,
      instanceType: props.instanceType,
      minInstances: props.instances.min,
      maxInstances: props.instances.max,
    });
    const securityGroup = new SecurityGroup(this, 'TaskSecurityGroup', {
      vpc: props.vpc,
      description: 'Tasks: reached by their load balancer only',
    });
    const service = new Ec2Service(this, 'Service', {
      serviceName: names.service,
      cluster: cluster.cluster,
      taskDefinition,
      minHealthyPercent: props.minimumHealthyPercent,
      maxHealthyPercent: props.maximumPercent,
      circuitBreaker: { enable: true, rollback: true },
      capacityProviderStrategies: [
        { capacityProvider: cluster.capacityProvider.capacityProviderName, weight: 1 },
      ],
      placementStrategies: [
        PlacementStrategy.spreadAcross('attribute:ecs.availability-zone'),
        PlacementStrategy.packedByMemory(),
      ],
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [securityGroup],
      healthCheckGracePeriod: Duration.seconds(props.container.health.startPeriodSeconds + 60),
      enableECSManagedTags: true,
      enableExecuteCommand: false,
    });
    this.ownedByPipeline(service);
    const balancer = this.loadBalancer(service, securityGroup);
    service.enableDeploymentAlarms([...balancer.alarmNames], { behavior: AlarmBehavior.ROLLBACK_ON_ALARM });
    service.node.addDependency(...balancer.alarms);
    const scaling = service.autoScaleTaskCount({
      minCapacity: props.tasks.min,
      maxCapacity: props.tasks.max,
    });
    scaling.scaleOnCpuUtilization('Cpu', {
      targetUtilizationPercent: 60,
      scaleInCooldown: Duration.minutes(10),
      scaleOutCooldown: Duration.minutes(3),
    });
    new CfnOutput(this, 'Url', { value: balancer.url, description: `Address of ${names.service}` });
  }

  /** What each verb of the deployer calls on this service. */
  calls(): Record<Verb, AwsCall[]> {
    return ecsServiceCalls(this.spec, this.props);
  }

  /**
   * The service runs what the pipeline released, and as many tasks as it or autoscaling chose. Only
   * while nothing has been released does the template have a say: the declared definition, no task.
   * A missing DesiredCount leaves the number of an existing service alone.
   *
   * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-ecs-service.html
   */
  private ownedByPipeline(service: Ec2Service): void {
    const released = releasedValue(this, 'ReleasedTaskDefinition', this.props.names.releasedTaskDefinition);
    const nothingReleased = new CfnCondition(this, 'NothingReleased', {
      expression: Fn.conditionEquals(released.valueAsString, NOTHING_RELEASED),
    });
    const resource = service.node.findChild('Service') as CfnService;
    const declared = resource.taskDefinition;
    resource.taskDefinition = Fn.conditionIf(
      nothingReleased.logicalId,
      declared,
      released.valueAsString,
    ).toString();
    resource.addPropertyOverride('DesiredCount', {
      'Fn::If': [nothingReleased.logicalId, 0, { Ref: 'AWS::NoValue' }],
    });
  }

  private loadBalancer(service: Ec2Service, taskSecurityGroup: ISecurityGroup): ServiceLoadBalancer {
    const { props } = this;
    return new ServiceLoadBalancer(this, 'LoadBalancer', {
      vpc: props.vpc,
      vpcCidr: props.vpcCidr,
      accessLogs: props.accessLogs,
      scheme: props.loadBalancer,
      target: service.loadBalancerTarget({
        containerName: props.container.name,
        containerPort: props.container.port,
      }),
      taskSecurityGroup,
      port: props.container.port,
      healthPath: props.container.health.path,
      alarmPrefix: props.names.cluster,
    });
  }
}

/** Runs nowhere: the service has no task before the pipeline sets an image. */
const PLACEHOLDER_IMAGE = 'public.ecr.aws/docker/library/busybox:stable';

const LOG_STREAM_PREFIX = 'task';

function specOf(props: GpuEcsServiceProps): EcsServiceSpec {
  const { names, container } = props;
  const role = (name: string) => `arn:aws:iam::${props.account}:role/${name}`;
  return {
    cluster: names.cluster,
    service: names.service,
    container: container.name,
    taskDefinitionFamily: names.taskDefinitionFamily,
    taskRoleArn: role(names.taskRole),
    executionRoleArn: role(names.executionRole),
    logGroup: names.logGroup,
    logStreamPrefix: LOG_STREAM_PREFIX,
    parameters: {
      declaredTaskDefinition: names.declaredTaskDefinition,
      releasedTaskDefinition: names.releasedTaskDefinition,
      releasedImage: names.releasedImage,
    },
    desiredCount: props.tasks.desired,
    minimumHealthyPercent: props.minimumHealthyPercent,
    maximumPercent: props.maximumPercent,
    deployTimeoutMinutes: props.deployTimeout.toMinutes(),
    capacity: {
      instanceType: props.instanceType,
      gpusPerInstance: GPU_INSTANCE_TYPES[props.instanceType]?.gpus ?? 0,
      maxInstances: props.instances.max,
      gpusPerTask: container.gpus,
      placementTimeoutMinutes: props.placementTimeout.toMinutes(),
    },
  };
}
