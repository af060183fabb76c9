import { Match, type Template } from 'aws-cdk-lib/assertions';

/** What the stacks of a service on GPU instances hold. */
export function serviceTemplates({
  production,
  staging,
}: Readonly<Record<'production' | 'staging', Template>>): void {
  describe('A09 the service', () => {
    test('A09 instances run the AL2023 GPU image, behind IMDSv2, on encrypted volumes', () => {
      production.hasResourceProperties('AWS::EC2::LaunchTemplate', {
        LaunchTemplateData: {
          InstanceType: 'g4dn.xlarge',
          MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
          BlockDeviceMappings: [
            Match.objectLike({ Ebs: Match.objectLike({ Encrypted: true, VolumeType: 'gp3' }) }),
          ],
        },
      });
      production.hasParameter('*', {
        Default: '/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id',
      });
    });

    test('A09 tasks cannot reach the credentials of their instance, and get their GPUs', () => {
      const [template] = Object.values(production.findResources('AWS::EC2::LaunchTemplate'));
      const script = JSON.stringify(template?.Properties.LaunchTemplateData.UserData);
      for (const line of ['ECS_AWSVPC_BLOCK_IMDS=true', 'ECS_ENABLE_GPU_SUPPORT=true'])
        expect(script).toContain(`\\necho ${line} >> /etc/ecs/ecs.config`);
    });

    test('A09 the role of the tasks may do nothing, and only ECS of this account may take it', () => {
      const [role] = Object.values(
        production.findResources('AWS::IAM::Role', {
          Properties: { RoleName: 'ml-platform-kvs-infer-production-task' },
        }),
      );
      expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
        {
          Effect: 'Allow',
          Action: 'sts:AssumeRole',
          Principal: { Service: 'ecs-tasks.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '222222222222' } },
        },
      ]);
      expect(role?.Properties.Policies).toBeUndefined();
      expect(role?.Properties.ManagedPolicyArns).toBeUndefined();
    });

    test('A09 capacity follows the tasks, and an instance with tasks is never terminated', () => {
      production.hasResourceProperties('AWS::ECS::CapacityProvider', {
        AutoScalingGroupProvider: {
          ManagedScaling: Match.objectLike({ Status: 'ENABLED' }),
          ManagedTerminationProtection: 'ENABLED',
          ManagedDraining: 'ENABLED',
        },
      });
      production.hasResourceProperties('AWS::AutoScaling::AutoScalingGroup', {
        MinSize: '2',
        MaxSize: '5',
        NewInstancesProtectedFromScaleIn: true,
      });
      // ECS drains instances itself: the one function asks the service.
      production.resourceCountIs('AWS::Lambda::Function', 1);
    });

    test('A09 a task has its GPU, a health check and logs with retention', () => {
      production.hasResourceProperties('AWS::ECS::TaskDefinition', {
        Family: 'ml-platform-kvs-infer-production',
        ContainerDefinitions: [
          Match.objectLike({
            Name: 'kvs-infer',
            ResourceRequirements: [{ Type: 'GPU', Value: '1' }],
            HealthCheck: Match.objectLike({
              Command: ['CMD-SHELL', 'python -m kvs_infer.probe'],
              StartPeriod: 120,
            }),
            LogConfiguration: Match.objectLike({ LogDriver: 'awslogs' }),
          }),
        ],
      });
      production.hasResourceProperties('AWS::Logs::LogGroup', {
        LogGroupName: '/ml-platform/production/kvs-infer',
        RetentionInDays: 30,
      });
    });

    test('A09 the circuit breaker and the alarms roll a deployment back', () => {
      production.hasResourceProperties('AWS::ECS::Service', {
        DeploymentConfiguration: {
          DeploymentCircuitBreaker: { Enable: true, Rollback: true },
          Alarms: {
            AlarmNames: [
              'ml-platform-kvs-infer-production-server-errors',
              'ml-platform-kvs-infer-production-unhealthy-targets',
            ],
            Enable: true,
            Rollback: true,
          },
          MinimumHealthyPercent: 100,
          MaximumPercent: 200,
        },
      });
      production.resourceCountIs('AWS::CloudWatch::Alarm', 2);
    });

    test('A09 the alarms hear errors within three minutes, and wait longer than a model takes to load', () => {
      const shared = {
        Period: 60,
        ComparisonOperator: 'GreaterThanOrEqualToThreshold',
        TreatMissingData: 'notBreaching',
      };
      production.hasResourceProperties('AWS::CloudWatch::Alarm', {
        ...shared,
        AlarmName: 'ml-platform-kvs-infer-production-server-errors',
        MetricName: 'HTTPCode_Target_5XX_Count',
        Statistic: 'Sum',
        Threshold: 10,
        EvaluationPeriods: 3,
        DatapointsToAlarm: 2,
      });
      production.hasResourceProperties('AWS::CloudWatch::Alarm', {
        ...shared,
        AlarmName: 'ml-platform-kvs-infer-production-unhealthy-targets',
        MetricName: 'UnHealthyHostCount',
        Statistic: 'Maximum',
        Threshold: 1,
        EvaluationPeriods: 6,
      });
    });

    test('A09 the load balancer is inside the VPC, and tasks hear nobody else', () => {
      production.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', { Scheme: 'internal' });
      production.hasResourceProperties('AWS::EC2::SecurityGroup', {
        SecurityGroupIngress: [Match.objectLike({ CidrIp: '10.0.0.0/16', FromPort: 80, ToPort: 80 })],
      });
      expect(JSON.stringify(production.findResources('AWS::EC2::SecurityGroup'))).not.toMatch(
        /"SecurityGroupIngress":\[[^\]]*0\.0\.0\.0\/0/,
      );
    });

    test('A09 tasks scale between the bounds of each environment', () => {
      production.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
        MinCapacity: 2,
        MaxCapacity: 4,
      });
      staging.hasResourceProperties('AWS::ApplicationAutoScaling::ScalableTarget', {
        MinCapacity: 1,
        MaxCapacity: 1,
      });
    });
  });
}
