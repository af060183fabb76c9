import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Ec2Action, Ec2InstanceAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { PlainNetworkStack } from './account-stacks';
import { GithubRole } from './github-role';
import { nodeInstance } from './node-instance';
import { documentContent, setupScript } from './node-scripts';
import { nodeDeployStatements, type NodeNames } from './node-statements';
import { nodeVolume } from './node-volume';
import {
  type PlainEnvironment,
  type PlainNode,
  type PlainNodeDeployment,
  PLATFORM,
  REGION,
  zonesOf,
} from './settings';

export interface PlainNodeStackProps {
  readonly node: PlainNode;
  readonly environment: PlainEnvironment;
  readonly deployment: PlainNodeDeployment;
  readonly network: PlainNetworkStack;
  readonly repositoryArns: readonly string[];
  /** Host of the registry that holds them. */
  readonly registry: string;
}

/** Once for each node and environment: instance, data volume, document, bucket, alarms, deploy roles. */
export class PlainNodeStack extends Stack {
  constructor(scope: Construct, props: PlainNodeStackProps) {
    const { node, environment, network } = props;
    const { account } = environment;
    const base = `${PLATFORM}-${node.id}-${environment.name}`;
    super(scope, base, { env: { account, region: REGION } });
    const logGroup = `/${PLATFORM}/${environment.name}/${node.id}`;
    const names: NodeNames = {
      account,
      node: base,
      bucket: `${base}-runs-${account}`,
      role: `${base}-node`,
      logGroup,
      releasedParameter: `${logGroup}/released-release`,
    };
    new LogGroup(this, 'Logs', {
      logGroupName: logGroup,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.runBucket(names, network.accessLogs);
    new CfnDocument(this, 'Document', {
      name: names.node,
      documentType: 'Command',
      documentFormat: 'JSON',
      targetType: '/AWS::EC2::Instance',
      updateMethod: 'NewVersion',
      content: documentContent(names, node.id),
    });
    const [availabilityZone = ''] = zonesOf(REGION);
    const { volumeId } = nodeVolume(this, names.node, availabilityZone);
    const { instanceId } = nodeInstance(this, {
      names,
      vpc: network.vpc,
      availabilityZone,
      instanceType: props.deployment.instanceType,
      repositoryArns: props.repositoryArns,
      setup: setupScript(names, volumeId, props.registry),
      volumeId,
    });
    const { RECOVER, REBOOT } = Ec2InstanceAction;
    this.alarm(base, instanceId, { check: 'System', minutes: 2, action: RECOVER });
    this.alarm(base, instanceId, { check: 'Instance', minutes: 5, action: REBOOT });
    this.githubRoles(props, names);
  }

  override get availabilityZones(): string[] {
    return zonesOf(REGION);
  }

  private runBucket({ bucket }: NodeNames, accessLogs: IBucket): void {
    new Bucket(this, 'Runs', {
      bucketName: bucket,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: `s3/${bucket}/`,
      lifecycleRules: [
        { id: 'runs', prefix: 'runs/', expiration: Duration.days(1) },
        { id: 'backups', prefix: 'backups/', expiration: Duration.days(30) },
        { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  private alarm(
    prefix: string,
    instanceId: string,
    {
      check,
      minutes,
      action,
    }: { readonly check: string; readonly minutes: number; readonly action: Ec2InstanceAction },
  ): void {
    new Alarm(this, `${check}Check`, {
      alarmName: `${prefix}-${check.toLowerCase()}-check`,
      metric: new Metric({
        namespace: 'AWS/EC2',
        metricName: `StatusCheckFailed_${check}`,
        dimensionsMap: { InstanceId: instanceId },
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      threshold: 1,
      evaluationPeriods: minutes,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.MISSING,
    }).addAlarmAction(new Ec2Action(action));
  }

  private githubRoles({ node, environment }: PlainNodeStackProps, names: NodeNames): void {
    const { account, name, reviewed } = environment;
    new GithubRole(this, 'Deploy', {
      roleName: `${names.node}-deploy`,
      account,
      environment: name,
      workflows: [`${node.id}-deploy.yml`, `${node.id}-rollback.yml`],
      refs: 'branch',
      ...nodeDeployStatements(names),
    });
    if (!reviewed) return;
    new GithubRole(this, 'Rollback', {
      roleName: `${names.node}-rollback`,
      account,
      environment: `${name}-rollback`,
      workflows: [`${node.id}-deploy.yml`],
      refs: 'branch',
      ...nodeDeployStatements(names),
    });
  }
}
