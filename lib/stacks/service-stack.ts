import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { DeployRole } from '../../constructs/deploy-role';
import { ECS_SERVICE_KIND, GpuEcsService } from '../../constructs/ecs-service';
import {
  type AwsCall,
  maxSessionMinutes,
  rollbackJobMinutes,
  type RoleEntry,
  type TargetEntry,
  ValueRef,
  type Verb,
  workflowPath,
} from '../../contract';
import {
  type Environment,
  type GpuService,
  type GpuServiceEnvironment,
  type Platform,
  rollbackEnvironmentOf,
  trustOf,
} from '../platform';
import type { NetworkStack } from './network-stack';
import { PlatformStack } from './platform-stack';

export interface ServiceStackProps {
  readonly platform: Platform;
  readonly workload: GpuService;
  readonly environment: Environment;
  readonly settings: GpuServiceEnvironment;
  readonly network: NetworkStack;
  readonly repositoryArn: string;
}

/** Once for each workload and environment: the service, and the roles that may deploy it. */
export class ServiceStack extends PlatformStack {
  readonly target: TargetEntry;
  readonly roles: readonly RoleEntry[];

  constructor(scope: Construct, id: string, props: ServiceStackProps) {
    const { workload, environment, settings, network } = props;
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
    const roles = rolesOf(this, props, calls);
    this.roles = roles.all;
    this.target = {
      id: `${workload.id}-${environment.name}`,
      workload: workload.id,
      kind: ECS_SERVICE_KIND,
      environment: environment.name,
      ...env,
      deployRole: roles.deploy.id,
      rollbackRole: roles.rollback.id,
      image: workload.id,
      releasedImage: ValueRef.ssmParameter(names.releasedImage),
      deployTimeoutMinutes: workload.rollout.timeoutMinutes,
      runnerLabels: ['ubuntu-24.04'],
      constructPath: service.node.path,
      calls,
      spec: service.spec,
    };
  }
}

/** Verbs that jobs with the deploy role run. Rolling back by hand uses it too. */
const DEPLOY_VERBS: readonly Verb[] = ['deploy', 'wait', 'rollback', 'diagnose', 'verify', 'status'];
/** Verbs of the automatic way back: it never deploys a new image. */
const ROLLBACK_VERBS: readonly Verb[] = ['rollback', 'diagnose', 'verify', 'status'];

function rolesOf(
  scope: Construct,
  { platform, workload, environment, settings: { names } }: ServiceStackProps,
  calls: Record<Verb, readonly AwsCall[]>,
): { readonly deploy: RoleEntry; readonly rollback: RoleEntry; readonly all: readonly RoleEntry[] } {
  const rollbackEnvironment = rollbackEnvironmentOf(environment);
  const [tag] = workload.releaseTags;
  const shared = {
    account: environment.account,
    maxSession: Duration.minutes(maxSessionMinutes(rollbackJobMinutes(workload.rollout.timeoutMinutes))),
  };
  const trust = {
    repository: platform.repository,
    branch: platform.repository.defaultBranch,
    ...(tag !== undefined && { tag }),
    tagWorkflows: [workflowPath(workload.id, 'deploy')],
  };
  const deploy = new DeployRole(scope, 'Deploy', {
    ...shared,
    roleId: `${workload.id}-${environment.name}-deploy`,
    roleName: names.deployRole,
    purpose: 'deploy',
    trust: {
      ...trust,
      ...trustOf(platform, names.deployRole),
      environment: environment.name,
      branchWorkflows: [workflowPath(workload.id, 'deploy'), workflowPath(workload.id, 'rollback')],
    },
    calls: DEPLOY_VERBS.flatMap((verb) => calls[verb]),
  }).describe();
  if (rollbackEnvironment === environment.name) return { deploy, rollback: deploy, all: [deploy] };
  const rollback = new DeployRole(scope, 'Rollback', {
    ...shared,
    roleId: `${workload.id}-${environment.name}-rollback`,
    roleName: names.rollbackRole,
    purpose: 'rollback',
    trust: {
      ...trust,
      ...trustOf(platform, names.rollbackRole),
      environment: rollbackEnvironment,
      branchWorkflows: [workflowPath(workload.id, 'deploy')],
    },
    calls: ROLLBACK_VERBS.flatMap((verb) => calls[verb]),
  }).describe();
  return { deploy, rollback, all: [deploy, rollback] };
}
