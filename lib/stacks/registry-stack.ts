import type { Construct } from 'constructs';
import { DeployRole } from '../../constructs/deploy-role';
import { IMMUTABLE_TAG_PATTERNS, ImageRegistry, registryCalls } from '../../constructs/image-registry';
import { type EcrImage as EcrImageEntry, type RoleEntry, workflowPath } from '../../contract';
import {
  accountsBeside,
  deliveryTo,
  type EcrImage,
  type Platform,
  repositoryArn,
  trustOf,
  type Workload,
} from '../platform';
import { imageFields } from './image-entry';
import { PlatformStack } from './platform-stack';

/** Once for each image that is kept in ECR: its repository, and who may push and read there. */
export class RegistryStack extends PlatformStack {
  readonly image: EcrImageEntry;
  readonly roles: readonly RoleEntry[];

  constructor(scope: Construct, id: string, platform: Platform, workload: Workload, image: EcrImage) {
    const env = { account: platform.imageAccount, region: workload.region };
    super(scope, id, {
      env,
      stackName: id,
      description: `Images of ${image.id}`,
      terminationProtection: true,
    });
    const { names } = image.store;
    const registry = new ImageRegistry(this, 'Images', {
      repositoryName: names.repository,
      ...env,
      pullAccounts: accountsBeside(platform, workload, env.account),
    });
    const calls = registryCalls({
      repositoryArn: repositoryArn(platform, workload.region, image),
      releases: workload.releaseTags.length > 0,
    });
    const built = workload.environments.slice(0, 1).map(({ name }) => deliveryTo(workload, name));
    const workflows = built.map((pipeline) => workflowPath(workload.id, pipeline));
    const trust = {
      repository: platform.repository,
      branch: platform.repository.defaultBranch,
      branchWorkflows: workflows,
      ...(workload.releaseTags[0] !== undefined && { tag: workload.releaseTags[0] }),
      tagWorkflows: workflows,
    };
    const publish = new DeployRole(this, 'Publish', {
      roleId: `${image.id}-publish`,
      roleName: names.publishRole,
      purpose: 'publish',
      account: env.account,
      trust: { ...trust, ...trustOf(platform, names.publishRole) },
      calls: calls.publish,
    }).describe();
    const scan = new DeployRole(this, 'Scan', {
      roleId: `${image.id}-scan`,
      roleName: names.scanRole,
      purpose: 'scan',
      account: env.account,
      trust: {
        ...trust,
        // Going back to a commit looks up its image.
        ...(workload.rollbackByCommit && {
          branchWorkflows: [...workflows, workflowPath(workload.id, 'rollback')],
        }),
        ...trustOf(platform, names.scanRole),
      },
      calls: calls.scan,
    }).describe();
    this.roles = [publish, scan];
    this.image = {
      ...imageFields(workload, image),
      registry: 'ecr',
      repository: { name: names.repository, uri: registry.repositoryUri, ...env },
      publishRole: publish.id,
      scanRole: scan.id,
      immutableTags: IMMUTABLE_TAG_PATTERNS,
      calls,
      constructPath: registry.node.path,
    };
  }
}
