import { LockstepError } from '../../contract';
import type { MachineSize } from '../kubernetes';

const GIB = 1_024;

/** vCPUs and GiB of memory. @see https://aws.amazon.com/ec2/instance-types/ */
const SIZES: Readonly<Record<string, readonly [cpus: number, gib: number]>> = {
  nano: [2, 0.5],
  micro: [2, 1],
  small: [2, 2],
  medium: [2, 4],
  large: [2, 8],
  xlarge: [4, 16],
  '2xlarge': [8, 32],
};

/** Families whose sizes are as above. */
const FAMILIES = ['t3', 't3a', 't4g', 'm5', 'm5a', 'm6a', 'm6g', 'm6i', 'm7a', 'm7g', 'm7i'];

/** What the operating system keeps for itself, in hundredths. */
const KEPT_PERCENT = 4;

/**
 * What Kubernetes may give away on an instance.
 *
 * @throws LockstepError `NotRehearsed` for a type whose size is not known here
 */
export function sizeOf(instanceType: string): MachineSize {
  const [family = '', size = ''] = instanceType.split('.');
  const known = FAMILIES.includes(family) ? SIZES[size] : undefined;
  if (!known) {
    throw new LockstepError('NotRehearsed', {
      place: 'instance type',
      value: instanceType,
      allowed: `${Object.keys(SIZES).join(', ')} of ${FAMILIES.join(', ')}`,
      change: 'choose one of them, or add the size to rehearsal/machine/sizes.ts',
    });
  }
  const [cpus, gib] = known;
  return { cpuMillis: cpus * 1_000, memoryMib: Math.floor((gib * GIB * (100 - KEPT_PERCENT)) / 100) };
}
