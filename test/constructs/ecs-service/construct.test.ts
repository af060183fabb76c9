import { App } from 'aws-cdk-lib';
import { Capture, Match, type Template } from 'aws-cdk-lib/assertions';
import {
  type EcsServiceProps,
  type GpuCompute,
  parseEcsServiceSpec,
  type ServiceUpdate,
} from '../../../constructs/ecs-service';
import type { AwsCall, Verb } from '../../../contract';
import { CDK_CONTEXT } from '../../../lib/cdk-context';
import { withSecurityChecks } from '../../../lib/security-checks';
import { GPU, serviceIn, synthesize, UPDATES, VERIFIED, VPC_CIDR } from './service-props';

const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:ml-app-staging-verify';
const HOOK_ROLE = 'arn:aws:iam::111111111111:role/ml-app-staging-hook';
const ALARMS = ['ml-app-staging-server-errors', 'ml-app-staging-unhealthy-targets'];

/** Logical id of the one resource of a type that has the properties. */
function idOf(template: Template, type: string, properties: object = {}): string {
  const found = Object.keys(template.findResources(type, { Properties: properties }));
  expect(found).toHaveLength(1);
  return found[0] ?? '';
}

const listenerId = (template: Template, port: number) =>
  idOf(template, 'AWS::ElasticLoadBalancingV2::Listener', { Port: port });

function callsTo(
  calls: Record<Verb, AwsCall[]>,
  action: string,
  matching: (call: AwsCall) => boolean = () => true,
) {
  return Object.entries(calls)
    .filter(([, made]) => made.some((call) => call.action === action && matching(call)))
    .map(([verb]) => verb);
}

const toEcs = ({ context }: AwsCall) => context?.['iam:PassedToService'] === 'ecs.amazonaws.com';

describe.each([
  ['on GPU instances', GPU],
  ['on Fargate', {}],
])('a service %s', (_where, compute) => {
  test('A09 D02 that rolls has the circuit breaker, one group of targets, and no way to test before clients', () => {
    const { service, template } = synthesize(compute);
    template.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: {
        Strategy: Match.absent(),
        BakeTimeInMinutes: Match.absent(),
        LifecycleHooks: Match.absent(),
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        Alarms: { AlarmNames: ALARMS, Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
        MaximumPercent: 200,
      },
      LoadBalancers: [Match.objectLike({ AdvancedConfiguration: Match.absent() })],
    });
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::TargetGroup', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 1);
    template.resourceCountIs('AWS::ElasticLoadBalancingV2::ListenerRule', 0);
    template.resourceCountIs('AWS::Lambda::Function', 0);
    expect(service.spec).toMatchObject({ update: { strategy: 'rolling' }, alarms: ALARMS });
    expect(service.spec.verification).toBeUndefined();
    expect(callsTo(service.calls(), 'lambda:InvokeFunction')).toEqual([]);
    expect(callsTo(service.calls(), 'iam:PassRole', toEcs)).toEqual([]);
  });

  const hook = { functionArn: FUNCTION, roleArn: HOOK_ROLE };
  const shifting: readonly [ServiceUpdate['strategy'], object, ServiceUpdate][] = [
    ['blueGreen', { Strategy: 'BLUE_GREEN' }, { strategy: 'blueGreen', bakeMinutes: 5, hook }],
    [
      'canary',
      {
        Strategy: 'CANARY',
        CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 10 },
        LinearConfiguration: Match.absent(),
      },
      { strategy: 'canary', bakeMinutes: 5, hook, canaryPercent: 10, canaryMinutes: 10 },
    ],
    [
      'linear',
      {
        Strategy: 'LINEAR',
        LinearConfiguration: { StepPercent: 20, StepBakeTimeInMinutes: 3 },
        CanaryConfiguration: Match.absent(),
      },
      { strategy: 'linear', bakeMinutes: 5, hook, stepPercent: 20, stepMinutes: 3 },
    ],
  ];

  test.each(shifting)(
    'D04 %s: ECS moves the traffic between two groups of tasks',
    (strategy, configuration, update) => {
      const { service, template } = synthesize(compute, VERIFIED, { update: UPDATES[strategy] });
      const groups = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
      const [primary = '', alternate = ''] = groups;
      expect(groups).toHaveLength(2);
      const [production, test] = [80, 8080].map((port) => listenerId(template, port));
      const [productionRule, testRule] = [production, test].map((listener) =>
        idOf(template, 'AWS::ElasticLoadBalancingV2::ListenerRule', {
          ListenerArn: { Ref: listener },
          Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*'] } }],
          Actions: [
            {
              Type: 'forward',
              ForwardConfig: {
                TargetGroups: [
                  { TargetGroupArn: { Ref: primary }, Weight: 100 },
                  { TargetGroupArn: { Ref: alternate }, Weight: 0 },
                ],
              },
            },
          ],
        }),
      );
      const infrastructureRole = new Capture();
      template.hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: {
          ...configuration,
          BakeTimeInMinutes: 5,
          DeploymentCircuitBreaker: Match.absent(),
          Alarms: { AlarmNames: ALARMS, Enable: true, Rollback: true },
        },
        LoadBalancers: [
          {
            ContainerName: 'app',
            ContainerPort: 8080,
            TargetGroupArn: { Ref: primary },
            AdvancedConfiguration: {
              AlternateTargetGroupArn: { Ref: alternate },
              ProductionListenerRule: { Ref: productionRule },
              TestListenerRule: { Ref: testRule },
              RoleArn: { 'Fn::GetAtt': [infrastructureRole, 'Arn'] },
            },
          },
        ],
      });
      const role = template.findResources('AWS::IAM::Role')[infrastructureRole.asString()];
      expect(JSON.stringify(role)).toContain('AmazonECSInfrastructureRolePolicyForLoadBalancers');
      expect(JSON.stringify(role)).toContain('"Service":"ecs.amazonaws.com"');
      expect(service.spec.update).toEqual(update);
      expect(parseEcsServiceSpec(service.spec, 'test')).toEqual(service.spec);
    },
  );
});

describe('what ECS moves the traffic with', () => {
  const update = UPDATES.blueGreen;

  test('D04 both groups take the health of tasks alike, and lie behind the same listeners', () => {
    const { template } = synthesize(GPU, { update });
    const [primary, alternate] = Object.entries(
      template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'),
    );
    expect(alternate?.[1]['Properties']).toEqual(primary?.[1]['Properties']);
    for (const port of [80, 8080]) {
      template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
        Port: port,
        DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: primary?.[0] } }],
      });
    }
  });

  test.each([
    ['ml-app-staging-server-errors', 'SUM', 'HTTPCode_Target_5XX_Count'],
    ['ml-app-staging-unhealthy-targets', 'MAX', 'UnHealthyHostCount'],
  ])('D04 the alarm %s watches the tasks of both versions', (AlarmName, both, MetricName) => {
    const { template } = synthesize({ update });
    const groups = Object.keys(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
    const metric = (index: number) =>
      Match.objectLike({
        ReturnData: false,
        MetricStat: Match.objectLike({
          Metric: Match.objectLike({
            MetricName,
            Dimensions: Match.arrayWith([
              { Name: 'TargetGroup', Value: { 'Fn::GetAtt': [groups[index], 'TargetGroupFullName'] } },
            ]),
          }),
        }),
      });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName,
      TreatMissingData: 'notBreaching',
      Metrics: [
        Match.objectLike({ Expression: `${both}([FILL(primary, 0), FILL(alternate, 0)])`, ReturnData: true }),
        metric(0),
        metric(1),
      ],
    });
  });

  test('D04 the hook is asked before clients reach the new tasks, but not while nothing has been released', () => {
    const { template } = synthesize(VERIFIED, { update });
    const condition = new Capture();
    const [asking, role] = [new Capture(), new Capture()];
    template.hasResourceProperties('AWS::ECS::Service', {
      DesiredCount: { 'Fn::If': [condition, 0, { Ref: 'AWS::NoValue' }] },
      DeploymentConfiguration: {
        LifecycleHooks: {
          'Fn::If': [
            Match.anyValue(),
            { Ref: 'AWS::NoValue' },
            [
              {
                HookTargetArn: { 'Fn::GetAtt': [asking, 'Arn'] },
                RoleArn: { 'Fn::GetAtt': [role, 'Arn'] },
                LifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
              },
            ],
          ],
        },
      },
    });
    expect(asking.asString()).toBe(
      idOf(template, 'AWS::Lambda::Function', { FunctionName: 'ml-app-staging-verify' }),
    );
    expect(role.asString()).toBe(idOf(template, 'AWS::IAM::Role', { RoleName: 'ml-app-staging-hook' }));
    template.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'ml-app-staging-hook',
      AssumeRolePolicyDocument: {
        Statement: [
          { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'ecs.amazonaws.com' } },
        ],
      },
      ManagedPolicyArns: Match.absent(),
      Policies: [
        {
          PolicyName: 'Invoke',
          PolicyDocument: Match.objectLike({
            Statement: [
              {
                Action: 'lambda:InvokeFunction',
                Effect: 'Allow',
                Resource: { 'Fn::GetAtt': [asking.asString(), 'Arn'] },
              },
            ],
          }),
        },
      ],
    });
    expect(JSON.stringify(template.toJSON()['Conditions'])).toContain(condition.asString());
  });

  test('D04 without a verification there is no hook, and people in the VPC can still test', () => {
    const { service, template } = synthesize({ update });
    template.resourceCountIs('AWS::Lambda::Function', 0);
    template.hasResourceProperties('AWS::ECS::Service', {
      DeploymentConfiguration: { LifecycleHooks: Match.absent() },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.arrayWith([
        Match.objectLike({ CidrIp: VPC_CIDR, FromPort: 8080, ToPort: 8080 }),
      ]),
    });
    expect(service.spec.update).toEqual({ strategy: 'blueGreen', bakeMinutes: 5 });
    expect(callsTo(service.calls(), 'iam:PassRole', toEcs)).toEqual([]);
  });
});

describe('what asks the service', () => {
  test('the function knows both addresses, one status and one budget, and may do nothing but that', () => {
    const { template } = synthesize(VERIFIED, { update: UPDATES.canary });
    const url = (end: string) => ({
      'Fn::Join': ['', ['http://', { 'Fn::GetAtt': [Match.anyValue(), 'DNSName'] }, end]],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'ml-app-staging-verify',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Timeout: 30,
      Environment: {
        Variables: {
          PRODUCTION_URL: url('/readyz'),
          TEST_URL: url(':8080/readyz'),
          EXPECTED_STATUS: '200',
          LATENCY_MS: '1500',
          TRIES: '5',
          PAUSE_MS: '3000',
        },
      },
    });
    const denied = Match.objectLike({
      Effect: 'Deny',
      Condition: { ArnEquals: { 'lambda:SourceFunctionArn': FUNCTION } },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: Match.objectLike({
        Statement: [Match.objectLike({ Principal: { Service: 'lambda.amazonaws.com' } })],
      }),
      ManagedPolicyArns: Match.absent(),
      Policies: [
        Match.objectLike({
          PolicyName: 'Log',
          PolicyDocument: Match.objectLike({
            Statement: [
              Match.objectLike({ Resource: { 'Fn::GetAtt': [Match.stringLikeRegexp('Logs'), 'Arn'] } }),
            ],
          }),
        }),
        Match.objectLike({
          PolicyName: 'NetworkInterface',
          PolicyDocument: Match.objectLike({ Statement: [Match.objectLike({ Effect: 'Allow' }), denied] }),
        }),
      ],
    });
  });

  test('with a rolling update it asks where clients ask, and ECS does not call it', () => {
    const { service, template } = synthesize(GPU, VERIFIED);
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { PRODUCTION_URL: Match.anyValue(), TEST_URL: Match.absent() } },
    });
    expect(
      template.findResources('AWS::IAM::Role', { Properties: { RoleName: 'ml-app-staging-hook' } }),
    ).toEqual({});
    expect(service.spec).toMatchObject({
      update: { strategy: 'rolling' },
      verification: { functionName: 'ml-app-staging-verify' },
    });
  });

  test('goes out to the balancer only, on its two ports', () => {
    const { template } = synthesize(VERIFIED, { update: UPDATES.linear });
    const asking = idOf(template, 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'Verification: out to the load balancer only',
    });
    const balancer = idOf(template, 'AWS::EC2::SecurityGroup', {
      GroupDescription: 'Load balancer: clients in, tasks out',
    });
    for (const port of [80, 8080]) {
      idOf(template, 'AWS::EC2::SecurityGroupEgress', {
        GroupId: { 'Fn::GetAtt': [asking, 'GroupId'] },
        DestinationSecurityGroupId: { 'Fn::GetAtt': [balancer, 'GroupId'] },
        FromPort: port,
        ToPort: port,
      });
      idOf(template, 'AWS::EC2::SecurityGroupIngress', {
        GroupId: { 'Fn::GetAtt': [balancer, 'GroupId'] },
        SourceSecurityGroupId: { 'Fn::GetAtt': [asking, 'GroupId'] },
        FromPort: port,
        ToPort: port,
      });
    }
  });

  test('reaches a balancer that faces the internet through the NAT gateways, and nobody else tests there', () => {
    const { template } = synthesize(VERIFIED, {
      update: UPDATES.blueGreen,
      loadBalancer: {
        scheme: 'internetFacing',
        certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/0b1d5b7e-0000-4000-8000-000000000000',
      },
    });
    const open = (FromPort: number, CidrIp: unknown) => Match.objectLike({ FromPort, CidrIp });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Load balancer: clients in, tasks out',
      SecurityGroupIngress: [
        open(443, '0.0.0.0/0'),
        open(8443, VPC_CIDR),
        open(8443, { 'Fn::Join': ['', [Match.objectLike({}), '/32']] }),
      ],
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ NODE_TLS_REJECT_UNAUTHORIZED: '0' }) },
    });
  });
});

describe('a service on GPU instances', () => {
  const gpu = (changes: object): Partial<EcsServiceProps> => ({
    compute: { ...GPU.compute, ...changes } as GpuCompute,
  });
  const settings = (template: Template): string =>
    JSON.stringify(template.findResources('AWS::EC2::LaunchTemplate'));

  test('A09 of one type on demand comes from a launch template, and none waits', () => {
    const { template } = synthesize(GPU);
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      MixedInstancesPolicy: Match.absent(),
      LaunchTemplate: Match.objectLike({ LaunchTemplateId: Match.anyValue() }),
    });
    template.resourceCountIs('AWS::AutoScaling::WarmPool', 0);
    expect(settings(template)).not.toMatch(/SPOT|WARM/);
  });

  test('A09 of several types on Spot takes whichever AWS has, and moves tasks before an instance goes', () => {
    const { service, template } = synthesize(
      gpu({ instanceTypes: ['g4dn.xlarge', 'g4dn.12xlarge'], purchase: { kind: 'spot', onDemandBase: 1 } }),
    );
    template.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
      LaunchTemplate: Match.absent(),
      CapacityRebalance: Match.absent(),
      NewInstancesProtectedFromScaleIn: true,
      MixedInstancesPolicy: {
        InstancesDistribution: {
          OnDemandBaseCapacity: 1,
          OnDemandPercentageAboveBaseCapacity: 0,
          SpotAllocationStrategy: 'price-capacity-optimized',
        },
        LaunchTemplate: {
          Overrides: [{ InstanceType: 'g4dn.xlarge' }, { InstanceType: 'g4dn.12xlarge' }],
        },
      },
    });
    expect(settings(template)).toContain('ECS_ENABLE_SPOT_INSTANCE_DRAINING=true');
    // The fewest: AWS may have the smaller type only.
    expect(service.spec.capacity).toMatchObject({ purchase: 'spot', gpusPerInstance: 1 });
  });

  test('A09 with a warm pool starts sooner: stopped instances that do not join the cluster while they wait', () => {
    const { template } = synthesize(gpu({ purchase: { kind: 'warm', instances: 2 } }));
    template.hasResourceProperties('AWS::AutoScaling::WarmPool', {
      MinSize: 2,
      MaxGroupPreparedCapacity: 2,
      PoolState: 'Stopped',
      InstanceReusePolicy: Match.absent(),
    });
    expect(settings(template)).toContain('ECS_WARM_POOLS_CHECK=true');
  });

  test('A09 that sleeps loses its tasks and gets them back by the clock, once something is released', () => {
    const sleep = { from: '20:00', to: '07:30', days: 'weekdays', timeZone: 'Europe/Berlin' } as const;
    const { service, template } = synthesize({ ...GPU, sleep });
    const action = (name: string, schedule: string, min: number, max: number) => ({
      ScheduledActionName: name,
      Schedule: schedule,
      Timezone: 'Europe/Berlin',
      ScalableTargetAction: { MinCapacity: min, MaxCapacity: max },
    });
    template.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
      ScheduledActions: {
        'Fn::If': [
          Match.stringLikeRegexp('NothingReleased'),
          { Ref: 'AWS::NoValue' },
          [
            action('sleep', 'cron(0 20 ? * MON-FRI *)', 0, 0),
            action('wake', 'cron(30 7 ? * MON-FRI *)', 1, 2),
          ],
        ],
      },
    });
    expect(service.spec.sleep).toEqual(sleep);
    expect(parseEcsServiceSpec(service.spec, 'here')).toEqual(service.spec);
  });
});

describe('a service on Fargate', () => {
  test('D02 is a task with a size of its own on capacity of AWS, in private subnets', () => {
    const { service, template } = synthesize();
    template.hasResourceProperties('AWS::ECS::TaskDefinition', {
      RequiresCompatibilities: ['FARGATE'],
      NetworkMode: 'awsvpc',
      Cpu: '1024',
      Memory: '2048',
      ContainerDefinitions: [
        Match.objectLike({
          Cpu: Match.absent(),
          Memory: Match.absent(),
          ResourceRequirements: Match.absent(),
          ReadonlyRootFilesystem: true,
        }),
      ],
    });
    template.hasResourceProperties('AWS::ECS::Service', {
      CapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
      LaunchType: Match.absent(),
      PlatformVersion: 'LATEST',
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
    });
    template.hasResourceProperties('AWS::ECS::ClusterCapacityProviderAssociations', {
      DefaultCapacityProviderStrategy: [{ CapacityProvider: 'FARGATE', Weight: 1 }],
    });
    template.resourceCountIs('AWS::AutoScaling::AutoScalingGroup', 0);
    expect(service.spec.capacity).toBeUndefined();
    expect(callsTo(service.calls(), 'ecs:ListContainerInstances')).toEqual([]);
  });
});

describe('what the verbs call', () => {
  const { service } = synthesize(VERIFIED, { update: UPDATES.blueGreen });

  test('D04 only a deployment hands ECS the role of the hook', () => {
    const passes = (call: AwsCall) => toEcs(call) && call.resources.join() === HOOK_ROLE;
    expect(callsTo(service.calls(), 'iam:PassRole', passes)).toEqual(['deploy']);
  });

  test('only a verification asks the function, and only this one', () => {
    const asks = ({ resources }: AwsCall) => resources.join() === FUNCTION;
    expect(callsTo(service.calls(), 'lambda:InvokeFunction', asks)).toEqual(['verify']);
  });

  test('D03 a way back may list task definitions, and register none', () => {
    expect(callsTo(service.calls(), 'ecs:ListTaskDefinitions')).toEqual(['recall']);
    expect(callsTo(service.calls(), 'ecs:RegisterTaskDefinition')).toEqual(['deploy']);
  });
});

test('D04 a service of each kind has no open finding of the security checks', () => {
  const app = withSecurityChecks(new App({ context: { ...CDK_CONTEXT } }));
  serviceIn(app, 'fargate', { ...VERIFIED, update: UPDATES.linear });
  serviceIn(app, 'gpu', {
    ...GPU,
    ...VERIFIED,
    update: UPDATES.blueGreen,
    loadBalancer: {
      scheme: 'internetFacing',
      certificateArn: 'arn:aws:acm:us-east-1:111111111111:certificate/0b1d5b7e-0000-4000-8000-000000000000',
    },
  });
  expect(() => app.synth()).not.toThrow();
});
