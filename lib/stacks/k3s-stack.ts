import { Duration, Size } from 'aws-cdk-lib';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { renderK3sApp, type RenderedFile } from '../../constructs/k3s-app';
import { K3S_NODE_KIND, K3sNode } from '../../constructs/k3s-node';
import type { RoleEntry, TargetEntry } from '../../contract';
import { appProps, isInEcr, type K3sApp, manifestFolder, repositoryArn } from '../platform';
import type { NetworkStack } from './network-stack';
import { describeTarget, TargetStack, type TargetStackProps } from './target-stack';

export interface K3sStackProps extends TargetStackProps<K3sApp> {
  readonly network: NetworkStack;
}

/** A node with K3s on the network of its environment, and the manifests that are applied there. */
export class K3sStack extends TargetStack {
  readonly target: TargetEntry;
  readonly roles: readonly RoleEntry[];
  override readonly files: readonly RenderedFile[];

  constructor(scope: Construct, id: string, { network, ...props }: K3sStackProps) {
    super(scope, id, props, { zones: network.availabilityZones });
    const { platform, workload, environment, settings, stacksBeside } = props;
    const [availabilityZone = ''] = network.availabilityZones;
    const manifests = manifestFolder(workload, settings);
    const app = renderK3sApp(appProps(workload, settings, platform.imageAccount));
    const node = new K3sNode(this, 'Node', {
      names: settings.names,
      account: environment.account,
      region: workload.region,
      vpc: network.vpc,
      availabilityZone,
      accessLogs: network.accessLogs,
      instanceType: settings.instanceType,
      k3s: workload.k3s,
      dataVolume: Size.gibibytes(settings.dataVolumeGib),
      keepSnapshots: settings.keepSnapshots,
      keepBackups: Duration.days(settings.keepBackupsDays),
      inboundCidrs: settings.inboundCidrs,
      repositoryArns: workload.images
        .filter(isInEcr)
        .map((image) => repositoryArn(platform, workload.region, image)),
      app,
      manifests,
      strategy: settings.strategy,
      deployTimeout: Duration.minutes(workload.rollout.timeoutMinutes),
      // The platform file admits only what CloudWatch offers.
      logRetention: workload.logRetentionDays as RetentionDays,
    });
    this.files = app.files.map(({ path, text }) => ({ path: `${manifests}/${path}`, text }));
    const compared = { ...props, stacksBeside: [network.stackName, ...stacksBeside] };
    ({ target: this.target, roles: this.roles } = describeTarget(this, compared, {
      kind: K3S_NODE_KIND,
      // The node remembers what ran before: the way back takes nothing of a commit.
      files: { deploy: this.files.map(({ path }) => path), rollback: [] },
      settleMinutes: 0,
      constructPath: node.node.path,
      calls: node.calls(),
      spec: node.spec,
    }));
  }
}
