import { Duration } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { DeployRole } from '../../constructs/deploy-role';
import { GpuCheck } from '../../constructs/gpu-check';
import { exclusionsOf, matrixOf } from '../../constructs/gpu-compatibility';
import {
  gpuCheckJobMinutes,
  type GpuCheckEntry,
  maxSessionMinutes,
  type RoleEntry,
  workflowPath,
} from '../../contract';
import { gpuCheckId } from '../names';
import {
  type Environment,
  type GpuCheck as GpuCheckSettings,
  type GpuService,
  type Platform,
  trustOf,
} from '../platform';
import type { NetworkStack } from './network-stack';
import { PlatformStack } from './platform-stack';

export interface GpuCheckStackProps {
  readonly platform: Platform;
  readonly workload: GpuService;
  readonly check: GpuCheckSettings;
  readonly environment: Environment;
  readonly network: NetworkStack;
}

/** Once for each workload with a GPU check: where combinations of versions are tried, and the role that may. */
export class GpuCheckStack extends PlatformStack {
  readonly gpuCheck: GpuCheckEntry;
  readonly role: RoleEntry;

  constructor(scope: Construct, id: string, props: GpuCheckStackProps) {
    const { workload, check, environment, network } = props;
    const env = { account: environment.account, region: workload.region };
    super(scope, id, {
      env,
      zones: network.availabilityZones,
      stackName: id,
      description: `GPU check of ${workload.id} in ${environment.name}`,
    });
    const described = new GpuCheck(this, 'Check', {
      names: check.names,
      ...env,
      vpc: network.vpc,
      instanceTypes: check.instanceTypes,
      source: check.source,
      taskTimeout: Duration.minutes(check.taskTimeoutMinutes),
      // The platform file admits only what CloudWatch offers.
      logRetention: workload.logRetentionDays as RetentionDays,
    }).describe();
    this.role = this.checkRole(props, described.calls);
    this.gpuCheck = {
      id: gpuCheckId(workload.id),
      workload: workload.id,
      environment: environment.name,
      role: this.role.id,
      ...described,
      schedule: check.schedule,
      matrix: matrixEntry(check),
      runnerLabels: ['ubuntu-24.04'],
    };
  }

  /** The weekly run and runs by hand are on the default branch; no tag starts one. */
  private checkRole(
    { platform, workload, check, environment }: GpuCheckStackProps,
    { build, run }: GpuCheckEntry['calls'],
  ): RoleEntry {
    const roleName = check.names.checkRole;
    return new DeployRole(this, 'Role', {
      roleId: gpuCheckId(workload.id),
      roleName,
      purpose: 'check',
      account: environment.account,
      maxSession: Duration.minutes(maxSessionMinutes(gpuCheckJobMinutes(check))),
      trust: {
        repository: platform.repository,
        environment: environment.name,
        branch: platform.repository.defaultBranch,
        branchWorkflows: [workflowPath(workload.id, 'gpu-compatibility')],
        ...trustOf(platform, roleName),
      },
      calls: [...build, ...run],
    }).describe();
  }
}

/** Versions in their order, and what the tables rule out. */
function matrixEntry({ cuda, driver, pytorch }: GpuCheckSettings): GpuCheckEntry['matrix'] {
  const matrix = matrixOf({ cuda, driver, pytorch });
  const { github } = matrix;
  return {
    cuda: github.cuda,
    driver: github.driver,
    pytorch: github.pytorch,
    exclude: exclusionsOf(matrix),
  };
}
