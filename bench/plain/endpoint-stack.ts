import { Duration, Fn, CfnCondition, Stack, Validations } from 'aws-cdk-lib';
import { CfnScalableTarget, CfnScalingPolicy } from 'aws-cdk-lib/aws-applicationautoscaling';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type EndpointNames, endpointStatements, inspectStatements } from './endpoint-statements';
import { GithubRole } from './github-role';
import {
  type PlainEndpoint,
  type PlainEndpointDeployment,
  type PlainEnvironment,
  PLATFORM,
} from './settings';

export interface PlainEndpointStackProps {
  readonly endpoint: PlainEndpoint;
  readonly environment: PlainEnvironment;
  readonly deployment: PlainEndpointDeployment;
  readonly repositoryArn: string;
  readonly modelBucket: string;
  /** Workflow file that deploys here. */
  readonly workflow: string;
}

/** Once for each endpoint and environment: execution role, alarms, autoscaling, deploy roles. */
export class PlainEndpointStack extends Stack {
  constructor(scope: Construct, props: PlainEndpointStackProps) {
    const { endpoint, environment } = props;
    const base = `${PLATFORM}-${endpoint.id}-${environment.name}`;
    super(scope, base, { env: { account: environment.account, region: endpoint.region } });
    const names: EndpointNames = {
      account: environment.account,
      region: endpoint.region,
      endpoint: base,
      executionRole: `${base}-execution`,
      modelBucket: props.modelBucket,
      parameters: `/${PLATFORM}/${environment.name}/${endpoint.id}`,
    };
    this.alarm(base, 'ServerErrors', 'Invocation5XXErrors', 'Sum', 5);
    this.alarm(base, 'ModelLatency', 'ModelLatency', 'p99', 500_000);
    this.executionRole(names, props.repositoryArn);
    new StringParameter(this, 'Settings', {
      parameterName: `${names.parameters}/declared-settings`,
      stringValue: JSON.stringify({
        instanceType: 'ml.m5.large',
        instanceCount: props.deployment.minInstances,
      }),
    });
    this.scaling(names, props.deployment);
    this.githubRoles(props, names);
  }

  private alarm(
    endpoint: string,
    id: string,
    metricName: string,
    statistic: string,
    threshold: number,
  ): void {
    new Alarm(this, id, {
      alarmName: `${endpoint}-${id}`,
      metric: new Metric({
        namespace: 'AWS/SageMaker',
        metricName,
        dimensionsMap: { EndpointName: endpoint, VariantName: 'AllTraffic' },
        statistic,
        period: Duration.minutes(1),
      }),
      threshold,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }

  private executionRole(
    { account, region, endpoint, executionRole, modelBucket }: EndpointNames,
    repository: string,
  ) {
    const logs = `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/Endpoints/${endpoint}`;
    const role = new Role(this, 'ExecutionRole', {
      roleName: executionRole,
      assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
      inlinePolicies: {
        Endpoint: new PolicyDocument({
          statements: [
            new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
            new PolicyStatement({
              actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
              resources: [repository],
            }),
            new PolicyStatement({
              actions: ['s3:GetObject', 's3:ListBucket'],
              resources: [`arn:aws:s3:::${modelBucket}`, `arn:aws:s3:::${modelBucket}/*`],
            }),
            new PolicyStatement({
              actions: [
                'logs:CreateLogGroup',
                'logs:CreateLogStream',
                'logs:DescribeLogStreams',
                'logs:PutLogEvents',
              ],
              resources: [logs, `${logs}:*`],
            }),
            new PolicyStatement({
              actions: ['cloudwatch:PutMetricData'],
              resources: ['*'],
              conditions: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' } },
            }),
            new PolicyStatement({
              actions: ['cloudwatch:DescribeAlarms'],
              resources: [`arn:aws:cloudwatch:${region}:${account}:alarm:${endpoint}-*`],
            }),
          ],
        }),
      },
    });
    const wildcards = [
      '*',
      `arn:aws:s3:::${modelBucket}/*`,
      `${logs}:*`,
      `arn:aws:cloudwatch:${region}:${account}:alarm:${endpoint}-*`,
    ];
    Validations.of(role).acknowledge(
      ...wildcards.map((resource) => ({
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason: 'AWS chooses the last part of the name, or offers nothing narrower',
      })),
    );
  }

  private scaling(
    { account, endpoint, parameters }: EndpointNames,
    deployment: PlainEndpointDeployment,
  ): void {
    const released = StringParameter.valueForStringParameter(this, `${parameters}/released-config`);
    const condition = new CfnCondition(this, 'Released', {
      expression: Fn.conditionNot(Fn.conditionEquals(released, 'none')),
    });
    const dimension = {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${endpoint}/variant/AllTraffic`,
    };
    const target = new CfnScalableTarget(this, 'Target', {
      ...dimension,
      minCapacity: deployment.minInstances,
      maxCapacity: deployment.maxInstances,
      roleArn: `arn:aws:iam::${account}:role/aws-service-role/sagemaker.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_SageMakerEndpoint`,
    });
    const policy = new CfnScalingPolicy(this, 'Policy', {
      ...dimension,
      policyName: `${endpoint}-invocations`,
      policyType: 'TargetTrackingScaling',
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        targetValue: 1_000,
        scaleInCooldown: 600,
        scaleOutCooldown: 180,
      },
    });
    policy.addResourceDependency(target);
    for (const resource of [target, policy]) resource.cfnOptions.condition = condition;
  }

  private githubRoles(
    { endpoint, environment, workflow }: PlainEndpointStackProps,
    names: EndpointNames,
  ): void {
    const { account, name, reviewed } = environment;
    new GithubRole(this, 'Deploy', {
      roleName: `${names.endpoint}-deploy`,
      account,
      environment: name,
      workflows: [workflow, `${endpoint.id}-rollback.yml`],
      ...endpointStatements(names),
    });
    new GithubRole(this, 'Inspect', {
      roleName: `${names.endpoint}-inspect`,
      account,
      workflows: [`${endpoint.id}-ci.yml`],
      ...inspectStatements(names),
    });
    if (!reviewed) return;
    new GithubRole(this, 'Rollback', {
      roleName: `${names.endpoint}-rollback`,
      account,
      environment: `${name}-rollback`,
      workflows: [workflow],
      ...endpointStatements(names),
    });
  }
}
