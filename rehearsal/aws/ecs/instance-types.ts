import { LockstepError } from '../../../contract';
import { INSTANCE_CAPACITY, type InstanceCapacity } from '../../../proofs/flow/capacity/instance-types';
import type { Room } from './room';

/** What the system and the agent of an instance keep for themselves, MiB. */
const SYSTEM_MEMORY = 512;

/** Types that the proofs about GPUs do not know. */
const OTHERS: Readonly<Record<string, InstanceCapacity>> = {
  't3.medium': { gpus: 0, vcpus: 2, memoryGib: 4 },
  't3.large': { gpus: 0, vcpus: 2, memoryGib: 8 },
  'm5.large': { gpus: 0, vcpus: 2, memoryGib: 8 },
  'm5.xlarge': { gpus: 0, vcpus: 4, memoryGib: 16 },
  'm7i.large': { gpus: 0, vcpus: 2, memoryGib: 8 },
  'm7i.xlarge': { gpus: 0, vcpus: 4, memoryGib: 16 },
  'g6.xlarge': { gpus: 1, vcpus: 4, memoryGib: 16 },
  'g6.2xlarge': { gpus: 1, vcpus: 8, memoryGib: 32 },
  'g6.4xlarge': { gpus: 1, vcpus: 16, memoryGib: 64 },
  'g6.8xlarge': { gpus: 1, vcpus: 32, memoryGib: 128 },
  'g6.12xlarge': { gpus: 4, vcpus: 48, memoryGib: 192 },
  'p3.2xlarge': { gpus: 1, vcpus: 8, memoryGib: 61 },
  'p3.8xlarge': { gpus: 4, vcpus: 32, memoryGib: 244 },
  'p4d.24xlarge': { gpus: 8, vcpus: 96, memoryGib: 1152 },
  'p5.48xlarge': { gpus: 8, vcpus: 192, memoryGib: 2048 },
};

const TYPES: Readonly<Record<string, InstanceCapacity>> = { ...INSTANCE_CAPACITY, ...OTHERS };

/**
 * Room on an instance of a type, as its agent registers it.
 *
 * @throws LockstepError `NotRehearsed`
 * @see https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/memory-management.html
 */
export function roomOf(instanceType: string, place: string): Room {
  const found = TYPES[instanceType];
  if (found) {
    const { vcpus, memoryGib, gpus } = found;
    return { cpu: vcpus * 1024, memory: memoryGib * 1024 - SYSTEM_MEMORY, gpus };
  }
  throw new LockstepError('NotRehearsed', {
    place,
    value: instanceType,
    allowed: Object.keys(TYPES).join(', '),
    change: 'add the type with its vCPUs, memory and GPUs to rehearsal/aws/ecs/instance-types.ts',
  });
}
