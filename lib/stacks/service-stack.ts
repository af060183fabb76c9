import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ECS_SERVICE_KIND, GpuEcsService } from '../../constructs/ecs-service';
import type { RoleEntry, TargetEntry } from '../../contract';
import { type GpuService, repositoryArn } from '../platform';
import type { NetworkStack } from './network-stack';
import { describeTarget, TargetStack, type TargetStackProps } from './target-stack';

export interface ServiceStackProps extends TargetStackProps<GpuService> {
  readonly network: NetworkStack;
}

/** A service on the network of its environment. */
export class ServiceStack extends TargetStack {
  readonly target: TargetEntry;
  readonly roles: readonly RoleEntry[];

  constructor(scope: Construct, id: string, { network, ...props }: ServiceStackProps) {
    super(scope, id, props, { zones: network.availabilityZones });
    const { platform, workload, environment, settings, stacksBeside } = props;
    const [image] = workload.images;
    const service = new GpuEcsService(this, 'Service', {
      account: environment.account,
      region: workload.region,
      names: settings.names,
      vpc: network.vpc,
      vpcCidr: environment.network.cidr,
      accessLogs: network.accessLogs,
      container: workload.container,
      repositoryArn: repositoryArn(platform, workload.region, image),
      instanceType: settings.instanceType,
      instances: settings.instances,
      tasks: settings.tasks,
      loadBalancer: settings.loadBalancer,
      minimumHealthyPercent: workload.rollout.minimumHealthyPercent,
      maximumPercent: workload.rollout.maximumPercent,
      deployTimeout: Duration.minutes(workload.rollout.timeoutMinutes),
      placementTimeout: Duration.minutes(workload.rollout.placementTimeoutMinutes),
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
