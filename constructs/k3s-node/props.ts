import type { Duration, Size } from 'aws-cdk-lib';
import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { RenderedApp } from '../k3s-app';
import type { K3sNodeNames } from './names';
import type { K3sStrategy } from './spec';

export interface K3sNodeProps {
  readonly names: K3sNodeNames;
  readonly account: string;
  readonly region: string;
  readonly vpc: IVpc;
  /** Zone of node and data volume: a volume cannot leave its zone. One of the VPC's. */
  readonly availabilityZone: string;
  /** Bucket for the log of who read and wrote what. */
  readonly accessLogs: IBucket;
  /** One of `K3S_INSTANCE_TYPES` for which `k3sFits`. */
  readonly instanceType: string;
  readonly k3s: K3sRelease;
  /** Encrypted volume with K3s's database and all persistent volumes. It outlives node and stack. @default Size.gibibytes(20) */
  readonly dataVolume?: Size;
  /** Daily snapshots of the data volume that are kept. @default 7 */
  readonly keepSnapshots?: number;
  /** How long backups are kept in the bucket. @default Duration.days(30) */
  readonly keepBackups?: Duration;
  /** Address ranges that may reach Traefik on port 80; TLS ends before the node. @default - no inbound rule at all */
  readonly inboundCidrs?: readonly string[];
  /** ARNs of the ECR repositories that the node pulls from, in whatever account. Empty where all images are public. */
  readonly repositoryArns: readonly string[];
  /** The rendered manifests, by `renderK3sApp`. */
  readonly app: RenderedApp;
  /** Folder of the rendered manifests, relative to the repository's root, such as `k8s/shop/staging`. */
  readonly manifests: string;
  readonly strategy: K3sStrategy;
  readonly deployTimeout: Duration;
  readonly logRetention: RetentionDays;
}

/** A release of K3s, such as `v1.35.8+k3s1`. */
export interface K3sRelease {
  /** @see https://docs.k3s.io/release-notes/v1.35.X */
  readonly version: string;
  /** SHA-256 of its binary `k3s` for amd64. @default - the one in the checksum file of the release */
  readonly sha256?: string;
}
