import { LockstepError } from '../../../contract';
import type { Room } from './room';

/** What the system and the agent of an instance keep for themselves, MiB. */
const SYSTEM_MEMORY = 512;

/** vCPUs, GiB and GPUs. */
const TYPES: Readonly<Record<string, readonly [vcpus: number, gib: number, gpus: number]>> = {
  't3.medium': [2, 4, 0],
  't3.large': [2, 8, 0],
  'm5.large': [2, 8, 0],
  'm5.xlarge': [4, 16, 0],
  'm7i.large': [2, 8, 0],
  'm7i.xlarge': [4, 16, 0],
  'g4dn.xlarge': [4, 16, 1],
  'g4dn.2xlarge': [8, 32, 1],
  'g4dn.4xlarge': [16, 64, 1],
  'g4dn.8xlarge': [32, 128, 1],
  'g4dn.12xlarge': [48, 192, 4],
  'g4dn.16xlarge': [64, 256, 1],
  'g4dn.metal': [96, 384, 8],
  'g5.xlarge': [4, 16, 1],
  'g5.2xlarge': [8, 32, 1],
  'g5.4xlarge': [16, 64, 1],
  'g5.8xlarge': [32, 128, 1],
  'g5.12xlarge': [48, 192, 4],
  'g5.24xlarge': [96, 384, 4],
  'g5.48xlarge': [192, 768, 8],
  'g6.xlarge': [4, 16, 1],
  'g6.2xlarge': [8, 32, 1],
  'g6.4xlarge': [16, 64, 1],
  'g6.8xlarge': [32, 128, 1],
  'g6.12xlarge': [48, 192, 4],
  'p3.2xlarge': [8, 61, 1],
  'p3.8xlarge': [32, 244, 4],
  'p4d.24xlarge': [96, 1152, 8],
  'p5.48xlarge': [192, 2048, 8],
};

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
    const [vcpus, gib, gpus] = found;
    return { cpu: vcpus * 1024, memory: gib * 1024 - SYSTEM_MEMORY, gpus };
  }
  throw new LockstepError('NotRehearsed', {
    place,
    value: instanceType,
    allowed: Object.keys(TYPES).join(', '),
    change: 'add the type with its vCPUs, memory and GPUs to rehearsal/aws/ecs/instance-types.ts',
  });
}
