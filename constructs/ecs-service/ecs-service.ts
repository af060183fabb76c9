import { CfnCondition, CfnOutput, Duration, Fn, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  AlarmBehavior,
  type BaseService,
  type CfnService,
  ContainerImage,
  LogDrivers,
} from 'aws-cdk-lib/aws-ecs';
import { SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { NOTHING_RELEASED, type AwsCall, type Verb } from '../../contract';
import { releasedValue } from '../delivery-state';
import { strategyOptions } from './deployment-strategy';
import { lifecycleHook } from './lifecycle-hook';
import type { EcsServiceProps, VerificationProps } from './props';
import { alarmNames } from './service-alarms';
import { serviceHost } from './service-host';
import { ServiceLoadBalancer } from './service-load-balancer';
import { sleepSchedule } from './sleep-schedule';
import { LOG_STREAM_PREFIX, specOf, verificationArn } from './service-spec';
import { ecsServiceCalls, type EcsServiceSpec } from './spec';
import { serviceTaskDefinition } from './task-definition';
import { VerificationFunction } from './verification-function';

/**
 * A service on ECS, with load balancer, alarms, autoscaling and logs. CloudFormation makes it with no task; the
 * pipeline owns which task definition runs and how many tasks (ADR 0002), and ECS how one version takes the place of
 * another (ADR 0014).
 */
export class EcsService extends Construct {
  readonly spec: EcsServiceSpec;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: EcsServiceProps,
  ) {
    super(scope, id);
    const { names } = props;
    this.spec = specOf(props);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: names.logGroup,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const taskDefinition = serviceTaskDefinition(this, {
      names,
      launchType: props.compute.kind === 'gpu' ? 'ec2' : 'fargate',
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
    const makeService = serviceHost(this, props);
    const securityGroup = new SecurityGroup(this, 'TaskSecurityGroup', {
      vpc: props.vpc,
      description: 'Tasks: reached by their load balancer only',
    });
    const service = makeService('Service', {
      serviceName: names.service,
      taskDefinition,
      securityGroup,
      minHealthyPercent: props.minimumHealthyPercent,
      maxHealthyPercent: props.maximumPercent,
      ...strategyOptions(props.update),
      healthCheckGracePeriod: Duration.seconds(props.container.health.startPeriodSeconds + 60),
      enableECSManagedTags: true,
      enableExecuteCommand: false,
    });
    Validations.of(service).acknowledge({
      id: 'Annotation::@aws-cdk/aws-ecs:shouldUseCircuitBreaker',
      reason:
        'Rolling updates have it; of the others, the deployer counts the failed tasks and asks ECS to go back',
    });
    const nothingReleased = this.ownedByPipeline(service);
    const balancer = this.loadBalancer(service);
    service.enableDeploymentAlarms([...alarmNames(names.cluster)], {
      behavior: AlarmBehavior.ROLLBACK_ON_ALARM,
    });
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
    if (props.sleep) sleepSchedule(service, { sleep: props.sleep, tasks: props.tasks, nothingReleased });
    if (props.verification) this.verify(service, balancer, props.verification, nothingReleased);
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
  private ownedByPipeline(service: BaseService): CfnCondition {
    const released = releasedValue(this, 'ReleasedTaskDefinition', this.props.names.releasedTaskDefinition);
    const nothingReleased = new CfnCondition(this, 'NothingReleased', {
      expression: Fn.conditionEquals(released.valueAsString, NOTHING_RELEASED),
    });
    const resource = resourceOf(service);
    const declared = resource.taskDefinition;
    resource.taskDefinition = Fn.conditionIf(
      nothingReleased.logicalId,
      declared,
      released.valueAsString,
    ).toString();
    resource.addPropertyOverride('DesiredCount', {
      'Fn::If': [nothingReleased.logicalId, 0, { Ref: 'AWS::NoValue' }],
    });
    return nothingReleased;
  }

  private loadBalancer(service: BaseService): ServiceLoadBalancer {
    const { props } = this;
    return new ServiceLoadBalancer(this, 'LoadBalancer', {
      vpc: props.vpc,
      vpcCidr: props.vpcCidr,
      natAddresses: props.natAddresses,
      accessLogs: props.accessLogs,
      scheme: props.loadBalancer,
      service,
      container: props.container,
      shiftsTraffic: props.update.strategy !== 'rolling',
      alarmPrefix: props.names.cluster,
    });
  }

  /** The pipeline asks after each deployment; ECS does so before clients reach the new tasks, where it can tell them apart. */
  private verify(
    service: BaseService,
    balancer: ServiceLoadBalancer,
    verification: VerificationProps,
    nothingReleased: CfnCondition,
  ): void {
    const { names, vpc, logRetention } = this.props;
    const asking = new VerificationFunction(this, 'Verification', {
      ...verification,
      functionName: names.verificationFunction,
      functionArn: verificationArn(this.props),
      vpc,
      productionUrl: balancer.url,
      ...(balancer.testUrl !== undefined && { testUrl: balancer.testUrl }),
      secure: balancer.secure,
      logRetention,
    });
    balancer.admit(asking.securityGroup);
    if (balancer.testUrl === undefined) return;
    const hook = lifecycleHook(this, { roleName: names.hookRole, target: asking.function });
    // ECS asks when it makes a service, too, and then no task is there to answer.
    resourceOf(service).addPropertyOverride('DeploymentConfiguration.LifecycleHooks', {
      'Fn::If': [nothingReleased.logicalId, { Ref: 'AWS::NoValue' }, [hook]],
    });
  }
}

const resourceOf = (service: BaseService): CfnService => service.node.findChild('Service') as CfnService;

/** Runs nowhere: the service has no task before the pipeline sets an image. */
const PLACEHOLDER_IMAGE = 'public.ecr.aws/docker/library/busybox:stable';
