import { Duration, RemovalPolicy, Size } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type AwsCall, type Fault, LockstepError, type Verb } from '../../contract';
import { k3sNodeCalls } from './calls';
import { DataVolume } from './data-volume';
import { k3sFits } from './instance-types';
import { NodeDocument } from './node-document';
import { NodeInstance } from './node-instance';
import { nodeRole } from './node-role';
import type { K3sNodeProps, K3sRelease } from './props';
import { readScript } from './read-script';
import { runBucket } from './run-bucket';
import type { K3sNodeSpec } from './spec';
import { StatusAlarms } from './status-alarms';

/**
 * The provider of credentials for ECR that the kubelet calls, with the checksum that kOps pins. Few versions of it are
 * published; the protocol between the two has not changed since.
 *
 * @see https://github.com/kubernetes/kops/blob/master/pkg/assets/assetdata/ecr.yaml
 */
const CREDENTIAL_PROVIDER = {
  version: 'v1.29.0',
  sha256: '0d97641c8977fe775cb18f9e6f40acd99ef2570543b55e5c13dec320dcaa8ee3',
} as const;

/**
 * One node with K3s for one workload in one environment. No port is open unless ranges are named: the pipeline hands
 * over manifests by a bucket, and sends a document of which it chooses the action.
 *
 * The stack makes an empty cluster; what runs there belongs to the pipeline.
 */
export class K3sNode extends Construct {
  readonly spec: K3sNodeSpec;

  /** @throws LockstepError `InvalidConfiguration` for an instance type or a release of K3s that cannot work */
  constructor(
    scope: Construct,
    id: string,
    private readonly props: K3sNodeProps,
  ) {
    super(scope, id);
    const { names, account, region } = props;
    const faults = [...instanceFaults(props, this.node.path), ...releaseFaults(props.k3s, this.node.path)];
    if (faults.length > 0) throw new LockstepError('InvalidConfiguration', faults);
    this.spec = specOf(props);
    new LogGroup(this, 'Logs', {
      logGroupName: names.logGroup,
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    runBucket(this, 'Runs', {
      bucketName: names.bucket,
      accessLogs: props.accessLogs,
      keepBackups: props.keepBackups ?? Duration.days(30),
    });
    new NodeDocument(this, 'Document', {
      documentName: names.document,
      bucket: names.bucket,
      namespace: names.namespace,
      region,
      timeoutSeconds: this.spec.deadlineSeconds,
    });
    const data = new DataVolume(this, 'Data', {
      availabilityZone: props.availabilityZone,
      size: props.dataVolume ?? Size.gibibytes(20),
      nodeTag: names.nodeTag,
      keepSnapshots: props.keepSnapshots ?? 7,
    });
    const { instanceId } = new NodeInstance(this, 'Node', {
      vpc: props.vpc,
      availabilityZone: props.availabilityZone,
      instanceType: props.instanceType,
      role: nodeRole(this, 'Role', {
        account,
        region,
        bucket: names.bucket,
        logGroup: names.logGroup,
        repositoryArns: props.repositoryArns,
      }),
      nodeTag: names.nodeTag,
      setup: setupScript(props, data.volumeId),
      dataVolumeId: data.volumeId,
      inboundCidrs: props.inboundCidrs ?? [],
    });
    new StatusAlarms(this, 'Status', { instanceId, prefix: names.nodeTag });
  }

  /** What each verb of the deployer calls on this node. */
  calls(): Record<Verb, AwsCall[]> {
    return k3sNodeCalls(this.spec, this.props);
  }
}

/** The text that makes an instance of Amazon Linux 2023 a node. */
export const setupScript = (
  { region, names, k3s, repositoryArns }: Pick<K3sNodeProps, 'region' | 'names' | 'k3s' | 'repositoryArns'>,
  dataVolumeId: string,
): string =>
  readScript('node-setup.sh', {
    REGION: region,
    LOG_GROUP: names.logGroup,
    DATA_VOLUME: dataVolumeId,
    K3S_VERSION: k3s.version,
    K3S_SHA256: k3s.sha256 ?? '',
    REGISTRIES: [...new Set(repositoryArns.map(registryHost))].sort().join(' '),
    PROVIDER_VERSION: CREDENTIAL_PROVIDER.version,
    PROVIDER_SHA256: CREDENTIAL_PROVIDER.sha256,
  });

/** Host of the registry in which a repository lies: `arn:aws:ecr:<region>:<account>:repository/<name>`. */
function registryHost(repositoryArn: string): string {
  const [, , , region, account] = repositoryArn.split(':');
  return `${account}.dkr.ecr.${region}.amazonaws.com`;
}

function specOf({ names, app, manifests, strategy, deployTimeout }: K3sNodeProps): K3sNodeSpec {
  return {
    namespace: names.namespace,
    nodeTag: names.nodeTag,
    document: names.document,
    bucket: names.bucket,
    manifests,
    files: app.files.map(({ path }) => path),
    repositories: app.repositories,
    statefulSets: app.statefulSets,
    deployments: app.deployments,
    routed: app.routed,
    strategy,
    logGroup: names.logGroup,
    parameters: { released: names.releasedRelease },
    deadlineSeconds: deployTimeout.toSeconds(),
  };
}

function instanceFaults({ instanceType }: K3sNodeProps, place: string): Fault[] {
  const fit = k3sFits(instanceType);
  if (fit.fits) return [];
  return [
    {
      place: `${place}.instanceType`,
      value: fit.explanation,
      allowed: `${fit.smallest} or a larger type`,
      change: `set instanceType to '${fit.smallest}'`,
    },
  ];
}

/** @see https://docs.k3s.io/upgrades/manual#upgrade-k3s-using-the-binary */
const K3S_VERSION = /^v1\.\d+\.\d+\+k3s\d+$/;
const SHA256 = /^[0-9a-f]{64}$/;

function releaseFaults({ version, sha256 }: K3sRelease, place: string): Fault[] {
  return [
    ...(K3S_VERSION.test(version)
      ? []
      : [
          {
            place: `${place}.k3s.version`,
            value: version,
            allowed: 'a release of K3s such as v1.35.8+k3s1',
            change: 'write a version that https://github.com/k3s-io/k3s/releases lists',
          },
        ]),
    ...(sha256 === undefined || SHA256.test(sha256)
      ? []
      : [
          {
            place: `${place}.k3s.sha256`,
            value: sha256,
            allowed: '64 hex digits',
            change: 'copy the line `k3s` of sha256sum-amd64.txt of the release, or leave it out',
          },
        ]),
  ];
}
