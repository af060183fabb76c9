import type { EcsPorts } from '../../rehearsal/aws/ecs';
import type { Input } from '../../rehearsal/aws/service';

export const ACCOUNT = '222222222222';
export const REGION = 'us-east-1';
export const NAME = { account: ACCOUNT, cluster: 'production', service: 'infer' };
export const SERVICE = { cluster: NAME.cluster, service: NAME.service };
export const PLACEHOLDER = 'public.ecr.aws/docker/library/busybox:stable';
export const ALARM = 'server-errors';

export const image = (digit: string): string =>
  `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com/infer@sha256:${digit.repeat(64)}`;

/** What the stack of the tests has otherwise than usual. */
export interface StackOptions {
  readonly account?: string;
  readonly instances?: {
    readonly min?: number;
    readonly max?: number;
    readonly type?: string;
    /** Types that the group takes, all on Spot but so many. @default - the one type, on demand */
    readonly spot?: { readonly types: readonly string[]; readonly onDemandBase: number };
    /** Stopped ones that wait. @default 0 */
    readonly warm?: number;
  };
  /** Changes of the service's properties. */
  readonly service?: Input;
  readonly ports?: Partial<EcsPorts>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Input;
}

/** A GPU service behind a load balancer with nothing released, in an order in which it can be made. */
export function resourcesOf(options: StackOptions = {}): Readonly<Record<string, Resource>> {
  const { account = ACCOUNT, instances = {}, service = {} } = options;
  const strategy = [{ CapacityProvider: { Ref: 'Provider' }, Weight: 1 }];
  return {
    ...capacity(instances, strategy),
    ...balancing,
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { AlarmName: ALARM, EvaluationPeriods: 2, Period: 60, TreatMissingData: 'notBreaching' },
    },
    Definition: { Type: 'AWS::ECS::TaskDefinition', Properties: definition(account) },
    Service: {
      Type: 'AWS::ECS::Service',
      Properties: {
        ServiceName: NAME.service,
        Cluster: { Ref: 'Cluster' },
        TaskDefinition: { Ref: 'Definition' },
        DesiredCount: 0,
        CapacityProviderStrategy: strategy,
        DeploymentConfiguration: {
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        },
        LoadBalancers: [{ ContainerName: 'infer', ContainerPort: 8080, TargetGroupArn: { Ref: 'Targets' } }],
        ...service,
      },
    },
    Scalable: {
      Type: 'AWS::ApplicationAutoScaling::ScalableTarget',
      Properties: {
        ServiceNamespace: 'ecs',
        ResourceId: `service/${NAME.cluster}/${NAME.service}`,
        ScalableDimension: 'ecs:service:DesiredCount',
        MinCapacity: 2,
        MaxCapacity: 4,
      },
    },
    Policy: {
      Type: 'AWS::ApplicationAutoScaling::ScalingPolicy',
      Properties: {
        PolicyName: 'cpu',
        PolicyType: 'TargetTrackingScaling',
        ScalingTargetId: { Ref: 'Scalable' },
      },
    },
  };
}

function capacity(
  { min = 2, max = 4, type = 'g4dn.xlarge', spot, warm = 0 }: NonNullable<StackOptions['instances']>,
  strategy: readonly object[],
): Readonly<Record<string, Resource>> {
  const launch = { LaunchTemplateId: { Ref: 'Template' }, Version: '1' };
  return {
    Template: {
      Type: 'AWS::EC2::LaunchTemplate',
      Properties: { LaunchTemplateData: { InstanceType: type } },
    },
    Group: {
      Type: 'AWS::AutoScaling::AutoScalingGroup',
      Properties: {
        ...(spot ? { MixedInstancesPolicy: onSpot(launch, spot) } : { LaunchTemplate: launch }),
        MinSize: String(min),
        MaxSize: String(max),
      },
    },
    ...(warm > 0 && {
      Waiting: {
        Type: 'AWS::AutoScaling::WarmPool',
        Properties: { AutoScalingGroupName: { Ref: 'Group' }, MinSize: warm, PoolState: 'Stopped' },
      },
    }),
    Provider: {
      Type: 'AWS::ECS::CapacityProvider',
      Properties: {
        AutoScalingGroupProvider: {
          AutoScalingGroupArn: { Ref: 'Group' },
          ManagedScaling: { Status: 'ENABLED' },
        },
      },
    },
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: { ClusterName: NAME.cluster } },
    Associations: {
      Type: 'AWS::ECS::ClusterCapacityProviderAssociations',
      Properties: {
        Cluster: { Ref: 'Cluster' },
        CapacityProviders: [{ Ref: 'Provider' }],
        DefaultCapacityProviderStrategy: strategy,
      },
    },
  };
}

const onSpot = (
  launch: object,
  { types, onDemandBase }: { readonly types: readonly string[]; readonly onDemandBase: number },
): object => ({
  LaunchTemplate: {
    LaunchTemplateSpecification: launch,
    Overrides: types.map((InstanceType) => ({ InstanceType })),
  },
  InstancesDistribution: {
    OnDemandBaseCapacity: onDemandBase,
    OnDemandPercentageAboveBaseCapacity: 0,
    SpotAllocationStrategy: 'price-capacity-optimized',
  },
});

const targets = {
  Type: 'AWS::ElasticLoadBalancingV2::TargetGroup',
  Properties: {
    Port: 8080,
    Protocol: 'HTTP',
    TargetType: 'ip',
    HealthCheckIntervalSeconds: 10,
    HealthyThresholdCount: 2,
    UnhealthyThresholdCount: 3,
    TargetGroupAttributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '20' }],
  },
};

const listener = (port: number) => ({
  Type: 'AWS::ElasticLoadBalancingV2::Listener',
  Properties: {
    LoadBalancerArn: { Ref: 'Balancer' },
    Port: port,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: 'Targets' } }],
  },
});

const rule = (of: string) => ({
  Type: 'AWS::ElasticLoadBalancingV2::ListenerRule',
  Properties: {
    ListenerArn: { Ref: of },
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: { Ref: 'Targets' }, Weight: 100 },
            { TargetGroupArn: { Ref: 'Alternate' }, Weight: 0 },
          ],
        },
      },
    ],
  },
});

const balancing: Readonly<Record<string, Resource>> = {
  Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Scheme: 'internal' } },
  Targets: targets,
  Alternate: targets,
  Listener: listener(80),
  TestListener: listener(8080),
  Rule: rule('Listener'),
  TestRule: rule('TestListener'),
};

const definition = (account: string): Input => ({
  Family: 'infer',
  NetworkMode: 'awsvpc',
  RequiresCompatibilities: ['EC2'],
  ExecutionRoleArn: `arn:aws:iam::${account}:role/execution`,
  TaskRoleArn: `arn:aws:iam::${account}:role/task`,
  ContainerDefinitions: [
    {
      Name: 'infer',
      Image: PLACEHOLDER,
      Cpu: 1024,
      Memory: 4096,
      Essential: true,
      PortMappings: [{ ContainerPort: 8080 }],
      ResourceRequirements: [{ Type: 'GPU', Value: '1' }],
      HealthCheck: { Command: ['CMD', 'probe'], Interval: 10, Retries: 3, StartPeriod: 60 },
      LogConfiguration: {
        LogDriver: 'awslogs',
        Options: { 'awslogs-group': '/infer', 'awslogs-stream-prefix': 'task' },
      },
    },
  ],
});
