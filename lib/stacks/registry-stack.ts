import type { Construct } from 'constructs';
import { DeployRole } from '../../constructs/deploy-role';
import { IMMUTABLE_TAG_PATTERNS, ImageRegistry, registryCalls } from '../../constructs/image-registry';
import { type ImageEntry, type RoleEntry, workflowPath } from '../../contract';
import { type GpuService, type Platform, trustOf } from '../platform';
import { PlatformStack } from './platform-stack';

/** Once for each workload: where its images are kept, and who may push and read them. */
export class RegistryStack extends PlatformStack {
  readonly image: ImageEntry;
  readonly roles: readonly RoleEntry[];
  readonly repositoryArn: string;

  constructor(scope: Construct, id: string, platform: Platform, workload: GpuService) {
    const env = { account: platform.imageAccount, region: workload.region };
    super(scope, id, {
      env,
      stackName: id,
      description: `Images of ${workload.id}`,
      terminationProtection: true,
    });
    const { names } = workload;
    const registry = new ImageRegistry(this, 'Images', {
      repositoryName: names.repository,
      ...env,
      pullAccounts: [
        ...new Set(
          platform.environments
            .filter(({ name }) => workload.environments.some((environment) => environment.name === name))
            .map(({ account }) => account)
            .filter((account) => account !== env.account),
        ),
      ],
    });
    this.repositoryArn = `arn:aws:ecr:${env.region}:${env.account}:repository/${names.repository}`;
    const calls = registryCalls({ repositoryArn: this.repositoryArn });
    const trust = {
      repository: platform.repository,
      branch: platform.repository.defaultBranch,
      branchWorkflows: [workflowPath(workload.id, 'deploy')],
      ...(workload.releaseTags[0] !== undefined && { tag: workload.releaseTags[0] }),
      tagWorkflows: [workflowPath(workload.id, 'deploy')],
    };
    const publish = new DeployRole(this, 'Publish', {
      roleId: `${workload.id}-publish`,
      roleName: names.publishRole,
      purpose: 'publish',
      account: env.account,
      trust: { ...trust, ...trustOf(platform, names.publishRole) },
      calls: calls.publish,
    }).describe();
    const scan = new DeployRole(this, 'Scan', {
      roleId: `${workload.id}-scan`,
      roleName: names.scanRole,
      purpose: 'scan',
      account: env.account,
      trust: { ...trust, ...trustOf(platform, names.scanRole) },
      calls: calls.scan,
    }).describe();
    this.roles = [publish, scan];
    this.image = {
      id: workload.id,
      repository: { name: names.repository, uri: registry.repositoryUri, ...env },
      context: workload.source,
      dockerfile: `${workload.source}/${workload.image.dockerfile}`,
      platform: 'linux/amd64',
      publishRole: publish.id,
      scanRole: scan.id,
      immutableTags: IMMUTABLE_TAG_PATTERNS,
      scan: {
        severities: workload.image.severities,
        blocks: workload.image.scanBlocks,
        codeScanning: workload.image.codeScanning,
      },
      attestations: workload.image.attestations,
      calls,
      constructPath: registry.node.path,
    };
  }
}
