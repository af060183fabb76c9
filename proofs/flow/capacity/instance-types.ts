/** What an EC2 instance type offers to tasks. */
export interface InstanceCapacity {
  readonly gpus: number;
  readonly vcpus: number;
  readonly memoryGib: number;
}

/**
 * GPU instance types, copied from the pages of AWS and not from the constructs, so that one table can be
 * held against the other.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
 */
export const INSTANCE_CAPACITY: Readonly<Record<string, InstanceCapacity>> = {
  'g4dn.xlarge': { gpus: 1, vcpus: 4, memoryGib: 16 },
  'g4dn.2xlarge': { gpus: 1, vcpus: 8, memoryGib: 32 },
  'g4dn.4xlarge': { gpus: 1, vcpus: 16, memoryGib: 64 },
  'g4dn.8xlarge': { gpus: 1, vcpus: 32, memoryGib: 128 },
  'g4dn.12xlarge': { gpus: 4, vcpus: 48, memoryGib: 192 },
  'g4dn.16xlarge': { gpus: 1, vcpus: 64, memoryGib: 256 },
  'g4dn.metal': { gpus: 8, vcpus: 96, memoryGib: 384 },
  'g5.xlarge': { gpus: 1, vcpus: 4, memoryGib: 16 },
  'g5.2xlarge': { gpus: 1, vcpus: 8, memoryGib: 32 },
  'g5.4xlarge': { gpus: 1, vcpus: 16, memoryGib: 64 },
  'g5.8xlarge': { gpus: 1, vcpus: 32, memoryGib: 128 },
  'g5.12xlarge': { gpus: 4, vcpus: 48, memoryGib: 192 },
  'g5.16xlarge': { gpus: 1, vcpus: 64, memoryGib: 256 },
  'g5.24xlarge': { gpus: 4, vcpus: 96, memoryGib: 384 },
  'g5.48xlarge': { gpus: 8, vcpus: 192, memoryGib: 768 },
};

/**
 * Quota that GPU instances of the families G and VT count against, in vCPUs of all that run at once.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html
 */
export const GPU_QUOTA = { code: 'L-DB2E81BA', name: 'Running On-Demand G and VT instances' } as const;

/** Like it, for Spot Instances. */
export const GPU_SPOT_QUOTA = { code: 'L-3819A6DF', name: 'All G and VT Spot Instance Requests' } as const;

/**
 * Memory that system and ECS agent keep for themselves: ECS registers less than the type names, and how
 * much less depends on kernel and agent. One GiB is more than they take on these types.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
 */
const RESERVED_MIB = 1024;

/** What one task asks for. `cpu` in units of which a vCPU has 1024. */
export interface TaskSize {
  readonly gpus: number;
  readonly cpu: number;
  readonly memoryMib: number;
}

/** How many tasks of a size fit on one instance, and what runs out first. */
export function placesOn(
  type: InstanceCapacity,
  size: TaskSize,
): { readonly places: number; readonly scarce: 'GPU' | 'CPU' | 'memory' } {
  const limits = [
    { scarce: 'GPU' as const, offered: type.gpus, asked: size.gpus },
    { scarce: 'CPU' as const, offered: type.vcpus * 1024, asked: size.cpu },
    { scarce: 'memory' as const, offered: type.memoryGib * 1024 - RESERVED_MIB, asked: size.memoryMib },
  ];
  return limits
    .filter(({ asked }) => asked > 0)
    .map(({ scarce, offered, asked }) => ({ scarce, places: Math.floor(offered / asked) }))
    .reduce((least, limit) => (limit.places < least.places ? limit : least), {
      places: Number.MAX_SAFE_INTEGER,
      scarce: 'memory',
    });
}
