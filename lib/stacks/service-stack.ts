import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { ECS_SERVICE_KIND, GpuEcsService } from '../../constructs/ecs-service';
import { type RoleEntry, type TargetEntry, ValueRef } from '../../contract';
import type { Environment, GpuService, GpuServiceEnvironment, Platform } from '../platform';
import { jobRoles } from './job-roles';
import type { NetworkStack } from './network-stack';
import { PlatformStack } from './platform-stack';

export interface ServiceStackProps {
  readonly platform: Platform;
  readonly workload: GpuService;
  readonly environment: Environment;
  readonly settings: GpuServiceEnvironment;
  readonly network: NetworkStack;
  readonly repositoryArn: string;
  /** Stacks besides this one and the network whose templates are compared with what is deployed. */
  readonly stacksBeside: readonly string[];
}

/** Once for each workload and environment: the service, and the roles that may deploy it. */
export class ServiceStack extends PlatformStack {
  readonly target: TargetEntry;
  readonly roles: readonly RoleEntry[];

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    const { platform, workload, environment, settings, network } = props;
    const env = { account: environment.account, region: workload.region };
    super(scope, id, {
      env,
      stackName: id,
      description: `${workload.id} in ${environment.name}`,
      zones: network.availabilityZones,
    });
    const { names } = settings;
    const service = new GpuEcsService(this, 'Service', {
      ...env,
      names,
      vpc: network.vpc,
      vpcCidr: environment.network.cidr,
      accessLogs: network.accessLogs,
      container: workload.container,
      repositoryArn: props.repositoryArn,
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
    const calls = service.calls();
    const roles = jobRoles(this, {
      platform,
      workload,
      environment,
      settings,
      calls,
      stacks: [network.stackName, ...props.stacksBeside, id],
    });
    this.roles = roles.all;
    this.target = {
      id: `${workload.id}-${environment.name}`,
      workload: workload.id,
      kind: ECS_SERVICE_KIND,
      environment: environment.name,
      ...env,
      ...roles.ofTarget,
      image: workload.id,
      releasedImage: ValueRef.ssmParameter(names.releasedImage),
      files: [],
      settleMinutes: 0,
      deployTimeoutMinutes: workload.rollout.timeoutMinutes,
      runnerLabels: ['ubuntu-24.04'],
      constructPath: service.node.path,
      calls,
      spec: service.spec,
    };
  }
}
