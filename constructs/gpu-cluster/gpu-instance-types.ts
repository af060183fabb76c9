/** What an EC2 instance type with NVIDIA GPUs offers to tasks. */
export interface GpuInstanceType {
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly gpus: number;
}

/**
 * GPU instance types that the ECS-optimised AL2023 GPU image runs on.
 *
 * @see https://aws.amazon.com/ec2/instance-types/g4/
 * @see https://aws.amazon.com/ec2/instance-types/g5/
 */
export const GPU_INSTANCE_TYPES: Readonly<Record<string, GpuInstanceType>> = {
  'g4dn.xlarge': { vcpus: 4, memoryGib: 16, gpus: 1 },
  'g4dn.2xlarge': { vcpus: 8, memoryGib: 32, gpus: 1 },
  'g4dn.4xlarge': { vcpus: 16, memoryGib: 64, gpus: 1 },
  'g4dn.8xlarge': { vcpus: 32, memoryGib: 128, gpus: 1 },
  'g4dn.12xlarge': { vcpus: 48, memoryGib: 192, gpus: 4 },
  'g4dn.16xlarge': { vcpus: 64, memoryGib: 256, gpus: 1 },
  'g4dn.metal': { vcpus: 96, memoryGib: 384, gpus: 8 },
  'g5.xlarge': { vcpus: 4, memoryGib: 16, gpus: 1 },
  'g5.2xlarge': { vcpus: 8, memoryGib: 32, gpus: 1 },
  'g5.4xlarge': { vcpus: 16, memoryGib: 64, gpus: 1 },
  'g5.8xlarge': { vcpus: 32, memoryGib: 128, gpus: 1 },
  'g5.12xlarge': { vcpus: 48, memoryGib: 192, gpus: 4 },
  'g5.16xlarge': { vcpus: 64, memoryGib: 256, gpus: 1 },
  'g5.24xlarge': { vcpus: 96, memoryGib: 384, gpus: 4 },
  'g5.48xlarge': { vcpus: 192, memoryGib: 768, gpus: 8 },
};

/** Memory that operating system and ECS agent keep for themselves. Chosen with room to spare. */
export const RESERVED_MEMORY_MIB = 1024;

/** How many tasks fit on one instance, and which resource runs out first. */
export function tasksPerInstance(
  type: GpuInstanceType,
  task: { readonly gpus: number; readonly cpu: number; readonly memoryMib: number },
): { readonly tasks: number; readonly limitedBy: 'GPUs' | 'CPU' | 'memory' } {
  const fits = [
    { limitedBy: 'GPUs' as const, tasks: Math.floor(type.gpus / task.gpus) },
    { limitedBy: 'CPU' as const, tasks: Math.floor((type.vcpus * 1024) / task.cpu) },
    {
      limitedBy: 'memory' as const,
      tasks: Math.floor((type.memoryGib * 1024 - RESERVED_MEMORY_MIB) / task.memoryMib),
    },
  ];
  return fits.reduce((least, fit) => (fit.tasks < least.tasks ? fit : least));
}
