/** Names of one node and of what belongs to it; the platform chooses them. */
export interface K3sNodeNames {
  /** Kubernetes namespace of the workload. */
  readonly namespace: string;
  /** Value of the tag `lockstep:target`; single in account and region. */
  readonly nodeTag: string;
  /** SSM document. */
  readonly document: string;
  /** Bucket of runs and backups; 3 to 63 characters, single in the world. */
  readonly bucket: string;
  /** CloudWatch log group of K3s and of all containers. */
  readonly logGroup: string;
  /** SSM parameter that the pipeline writes: the release that passed its checks last. */
  readonly releasedRelease: string;
}
