import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import type { PlainNetworkStack } from './account-stacks';
import { checkStatements } from './gpu-check-statements';
import { type GpuCheckNames, gpuCheckTask } from './gpu-check-task';
import { gpuCapacity } from './gpu-capacity';
import { GithubRole } from './github-role';
import { type PlainEnvironment, PLATFORM, zonesOf } from './settings';

export interface PlainGpuCheckStackProps {
  /** Of the service. */
  readonly id: string;
  readonly region: string;
  readonly environment: PlainEnvironment;
  readonly network: PlainNetworkStack;
  readonly instanceTypes: readonly string[];
}

/** Once for each service with a GPU check: its images, its cluster and the role of its jobs. */
export class PlainGpuCheckStack extends Stack {
  constructor(scope: Construct, props: PlainGpuCheckStackProps) {
    const { id, region, environment, network } = props;
    const base = `${PLATFORM}-${id}-gpu-check`;
    super(scope, base, { env: { account: environment.account, region } });
    const names: GpuCheckNames = {
      account: environment.account,
      base,
      parameters: `/${PLATFORM}/${environment.name}/${id}-gpu-check`,
    };
    const repositoryName = `${PLATFORM}/${id}-gpu-check`;
    const repository = new Repository(this, 'Repository', {
      repositoryName,
      encryption: RepositoryEncryption.AES_256,
      imageScanOnPush: true,
      imageTagMutability: TagMutability.IMMUTABLE,
      lifecycleRules: [{ tagStatus: TagStatus.ANY, maxImageAge: Duration.days(14) }],
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
    });
    gpuCheckTask(this, names, repository);
    const cluster = new Cluster(this, 'Cluster', {
      clusterName: base,
      vpc: network.vpc,
      containerInsightsV2: ContainerInsights.ENABLED,
    });
    for (const instanceType of props.instanceTypes) {
      gpuCapacity(new Construct(this, instanceType), {
        cluster,
        vpc: network.vpc,
        instanceType,
        instances: { min: 0, max: 1 },
      });
    }
    new GithubRole(this, 'Role', {
      roleName: base,
      account: environment.account,
      environment: environment.name,
      workflows: [`${id}-gpu-compatibility.yml`],
      refs: 'branch',
      ...checkStatements(names, region, repositoryName),
    });
  }

  override get availabilityZones(): string[] {
    return zonesOf(this.region);
  }
}
