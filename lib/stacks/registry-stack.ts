import type { Construct } from 'constructs';
import { DeployRole } from '../../constructs/deploy-role';
import { IMMUTABLE_TAG_PATTERNS, ImageRegistry, registryCalls } from '../../constructs/image-registry';
import { type ImageEntry, type RoleEntry, workflowPath } from '../../contract';
import { accountsBeside, deliveryTo, type Platform, trustOf, type Workload } from '../platform';
import { PlatformStack } from './platform-stack';

/** Once for each workload: where its images are kept, and who may push and read them. */
export class RegistryStack extends PlatformStack {
  readonly image: ImageEntry;
  readonly roles: readonly RoleEntry[];
  readonly repositoryArn: string;

  constructor(scope: Construct, id: string, platform: Platform, workload: Workload) {
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
      pullAccounts: accountsBeside(platform, workload, env.account),
    });
    this.repositoryArn = `arn:aws:ecr:${env.region}:${env.account}:repository/${names.repository}`;
    const calls = registryCalls({
      repositoryArn: this.repositoryArn,
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
      platform: workload.image.platform,
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
