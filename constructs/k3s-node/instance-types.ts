/** What an EC2 instance type offers to a node. */
export interface K3sInstanceType {
  readonly vcpus: number;
  readonly memoryMib: number;
}

/**
 * General instance types for amd64, smallest first. All of them are built on Nitro, and hold nothing that a recovery
 * would lose.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/gp.html
 */
export const K3S_INSTANCE_TYPES: Readonly<Record<string, K3sInstanceType>> = {
  't3.nano': { vcpus: 2, memoryMib: 512 },
  't3a.nano': { vcpus: 2, memoryMib: 512 },
  't3.micro': { vcpus: 2, memoryMib: 1_024 },
  't3a.micro': { vcpus: 2, memoryMib: 1_024 },
  't3.small': { vcpus: 2, memoryMib: 2_048 },
  't3a.small': { vcpus: 2, memoryMib: 2_048 },
  't3.medium': { vcpus: 2, memoryMib: 4_096 },
  't3a.medium': { vcpus: 2, memoryMib: 4_096 },
  't3.large': { vcpus: 2, memoryMib: 8_192 },
  't3a.large': { vcpus: 2, memoryMib: 8_192 },
  'm5.large': { vcpus: 2, memoryMib: 8_192 },
  'm6i.large': { vcpus: 2, memoryMib: 8_192 },
  'm7i.large': { vcpus: 2, memoryMib: 8_192 },
  't3.xlarge': { vcpus: 4, memoryMib: 16_384 },
  't3a.xlarge': { vcpus: 4, memoryMib: 16_384 },
  'm5.xlarge': { vcpus: 4, memoryMib: 16_384 },
  'm6i.xlarge': { vcpus: 4, memoryMib: 16_384 },
  'm7i.xlarge': { vcpus: 4, memoryMib: 16_384 },
  't3.2xlarge': { vcpus: 8, memoryMib: 32_768 },
  't3a.2xlarge': { vcpus: 8, memoryMib: 32_768 },
  'm5.2xlarge': { vcpus: 8, memoryMib: 32_768 },
  'm6i.2xlarge': { vcpus: 8, memoryMib: 32_768 },
  'm7i.2xlarge': { vcpus: 8, memoryMib: 32_768 },
};

/**
 * Memory that a server of K3s needs at least.
 *
 * @see https://docs.k3s.io/installation/requirements#hardware
 */
export const K3S_MINIMUM_MEMORY_MIB = 2_048;

export type K3sFit =
  | { readonly fits: true }
  /** `explanation` has the arithmetic; `smallest` is the smallest type that would do. */
  | { readonly fits: false; readonly explanation: string; readonly smallest: string };

/** Whether K3s runs on an instance type at all. */
export function k3sFits(instanceType: string): K3sFit {
  const type = K3S_INSTANCE_TYPES[instanceType];
  const smallest = 't3.small';
  if (type === undefined) {
    return { fits: false, explanation: `${instanceType} is not a type whose memory is known here`, smallest };
  }
  if (type.memoryMib >= K3S_MINIMUM_MEMORY_MIB) return { fits: true };
  return {
    fits: false,
    explanation:
      `${instanceType} has ${type.memoryMib} MiB, K3s needs ${K3S_MINIMUM_MEMORY_MIB} MiB: ` +
      `${K3S_MINIMUM_MEMORY_MIB - type.memoryMib} MiB are missing`,
    smallest,
  };
}

/** Types on which K3s runs, smallest first. */
export const FITTING_INSTANCE_TYPES: readonly string[] = Object.keys(K3S_INSTANCE_TYPES).filter(
  (name) => k3sFits(name).fits,
);
