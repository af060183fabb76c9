import type { Duration } from 'aws-cdk-lib';
import { RemovalPolicy } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights, LogDrivers } from 'aws-cdk-lib/aws-ecs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import type { GpuCheckEntry } from '../../contract';
import { GpuCapacity } from '../gpu-cluster';
import { checkImages } from './check-images';
import { checkTaskDefinition, CONTAINER, TASK } from './check-task';
import { capacityProviderName, type GpuCheckNames } from './names';
import { gpuCheckCalls, type GpuCheckCalls, type GpuCheckSpec } from './spec';

export interface GpuCheckProps {
  readonly names: GpuCheckNames;
  readonly account: string;
  readonly region: string;
  readonly vpc: IVpc;
  /** Of `GPU_INSTANCE_TYPES`; each gets a capacity provider of its own. */
  readonly instanceTypes: GpuCheckEntry['instanceTypes'];
  /** Folder with the Dockerfile, relative to the repository's root. */
  readonly source: string;
  readonly taskTimeout: Duration;
  readonly logRetention: RetentionDays;
}

/** What a GPU check says of itself; who runs it, and when, is said around it. */
export type GpuCheckDescription = Pick<
  GpuCheckEntry,
  | 'account'
  | 'region'
  | 'image'
  | 'instanceTypes'
  | 'maxParallel'
  | 'taskTimeoutMinutes'
  | 'constructPath'
  | 'calls'
  | 'spec'
>;

/**
 * Where combinations of CUDA, driver and PyTorch are tried: images of their own, and a cluster whose instances come for
 * a task and go after it. Nothing of it runs between checks (ADR 0015).
 */
export class GpuCheck extends Construct {
  private readonly spec: GpuCheckSpec;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: GpuCheckProps,
  ) {
    super(scope, id);
    const { names, vpc } = props;
    this.spec = specOf(props);
    const repository = checkImages(this, 'Images', names.repository);
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: names.logGroup,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const taskDefinition = checkTaskDefinition(this, {
      names,
      account: props.account,
      repository,
      logging: LogDrivers.awsLogs({ logGroup, streamPrefix: this.spec.logStreamPrefix }),
    });
    new StringParameter(this, 'DeclaredTaskDefinition', {
      parameterName: names.declaredTaskDefinition,
      stringValue: taskDefinition.taskDefinitionArn,
    });
    const cluster = new Cluster(this, 'Cluster', {
      clusterName: names.cluster,
      vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    for (const { instanceType, name } of this.spec.capacityProviders) {
      new GpuCapacity(this, instanceType, {
        cluster,
        name,
        vpc,
        instanceTypes: [instanceType],
        minInstances: 0,
        maxInstances: MOST_INSTANCES,
      });
    }
  }

  /** What a job calls that builds and runs a combination. */
  calls(): GpuCheckCalls {
    const { names, account, region } = this.props;
    return gpuCheckCalls(this.spec, { account, region, repository: names.repository });
  }

  /** The check as the manifest lists it, made of names: an attribute of a construct is a token. */
  describe(): GpuCheckDescription {
    const { names, account, region, source, instanceTypes, taskTimeout } = this.props;
    const uri = `${account}.dkr.ecr.${region}.amazonaws.com/${names.repository}`;
    return {
      account,
      region,
      image: {
        repository: { name: names.repository, uri, account, region },
        context: source,
        dockerfile: `${source}/Dockerfile`,
        platform: 'linux/amd64',
      },
      instanceTypes,
      maxParallel: MOST_INSTANCES,
      taskTimeoutMinutes: taskTimeout.toMinutes(),
      constructPath: this.node.path,
      calls: this.calls(),
      spec: this.spec,
    };
  }
}

/** Instances of one type at a time: combinations run one after the other, and what is left running costs one instance. */
const MOST_INSTANCES = 1;

/** What `GpuCapacity` starts, as the compatibility tables name it. */
const HOST_IMAGE = 'Amazon Linux 2023 GPU';

function specOf({ names, account, instanceTypes }: GpuCheckProps): GpuCheckSpec {
  const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`;
  return {
    cluster: names.cluster,
    capacityProviders: instanceTypes.map((instanceType) => ({
      instanceType,
      name: capacityProviderName(names, instanceType),
    })),
    hostImage: HOST_IMAGE,
    taskDefinitionFamily: names.taskDefinitionFamily,
    container: CONTAINER,
    task: TASK,
    taskRoleArn: roleArn(names.taskRole),
    executionRoleArn: roleArn(names.executionRole),
    logGroup: names.logGroup,
    logStreamPrefix: 'task',
    parameters: { declaredTaskDefinition: names.declaredTaskDefinition },
  };
}
