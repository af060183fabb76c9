/** Where a row of the reviewed tables was read. */
export interface Source {
  readonly url: string;
  /** Day on which it was read, `YYYY-MM-DD`. */
  readonly read: string;
}

/** What the reviewed sources do not say. It is said, never guessed. */
export const UNKNOWN = 'unknown';
export type Unknown = typeof UNKNOWN;

export const CUDA_RELEASE_NOTES: Source = {
  url: 'https://docs.nvidia.com/cuda/cuda-toolkit-release-notes/index.html',
  read: '2026-11-21',
};

export const MINOR_VERSION_COMPATIBILITY: Source = {
  url: 'https://docs.nvidia.com/deploy/cuda-compatibility/minor-version-compatibility.html',
  read: '2026-11-21',
};

export const DATA_CENTER_DRIVERS: Source = {
  url: 'https://docs.nvidia.com/datacenter/tesla/drivers/supported-drivers-and-cuda-toolkit-versions.html',
  read: '2026-11-20',
};

export const PYTORCH_RELEASE_MATRIX: Source = {
  url: 'https://github.com/pytorch/pytorch/blob/main/RELEASE.md#release-compatibility-matrix',
  read: '2026-11-21',
};

export const ECS_AMIS: Source = {
  url: 'https://github.com/aws/amazon-ecs-ami',
  read: '2026-11-20',
};

/** On-demand prices of April 2026, as public tables show them. */
export const EC2_PRICES: Source = {
  url: 'https://aws.amazon.com/ec2/pricing/on-demand/',
  read: '2026-11-20',
};
