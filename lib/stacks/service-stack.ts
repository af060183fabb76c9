import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type Compute, ECS_SERVICE_KIND, EcsService, type SleepProps } from '../../constructs/ecs-service';
import type { RoleEntry, TargetEntry } from '../../contract';
import { type FargateService, type GpuService, repositoryArn, updateProps } from '../platform';
import type { NetworkStack } from './network-stack';
import { describeTarget, TargetStack, type TargetStackProps } from './target-stack';

export interface ServiceStackProps extends TargetStackProps<GpuService | FargateService> {
  readonly network: NetworkStack;
  readonly compute: Compute;
  /** GPUs of each task. */
  readonly gpus: number;
  /** @default - the service never sleeps */
  readonly sleep?: SleepProps;
}

/** A service on ECS, on the network of its environment. */
export class ServiceStack extends TargetStack {
  readonly target: TargetEntry;
  readonly roles: readonly RoleEntry[];

  constructor(scope: Construct, id: string, { network, compute, gpus, sleep, ...props }: ServiceStackProps) {
    super(scope, id, props, { zones: network.availabilityZones });
    const { platform, workload, environment, settings, stacksBeside } = props;
    const { rollout, verification } = workload;
    const [image] = workload.images;
    const service = new EcsService(this, 'Service', {
      account: environment.account,
      region: workload.region,
      names: settings.names,
      vpc: network.vpc,
      vpcCidr: environment.network.cidr,
      natAddresses: network.natAddresses,
      accessLogs: network.accessLogs,
      container: { ...workload.container, gpus },
      repositoryArn: repositoryArn(platform, workload.region, image),
      compute,
      tasks: settings.tasks,
      ...(sleep && { sleep }),
      loadBalancer: settings.loadBalancer,
      update: updateProps(settings.strategy, rollout),
      minimumHealthyPercent: rollout.minimumHealthyPercent,
      maximumPercent: rollout.maximumPercent,
      ...(verification && {
        verification: {
          path: verification.path,
          status: verification.status,
          latencyBudget: Duration.millis(verification.latencyBudgetMs),
        },
      }),
      deployTimeout: Duration.minutes(rollout.timeoutMinutes),
      // The platform file admits only what CloudWatch offers.
      logRetention: workload.logRetentionDays as RetentionDays,
    });
    const compared = { ...props, stacksBeside: [network.stackName, ...stacksBeside] };
    ({ target: this.target, roles: this.roles } = describeTarget(this, compared, {
      kind: ECS_SERVICE_KIND,
      files: { deploy: [], rollback: [] },
      settleMinutes: 0,
      constructPath: service.node.path,
      calls: service.calls(),
      spec: service.spec,
    }));
  }
}
