import { exclusionsOf, matrixOf } from '../../../constructs/gpu-compatibility';
import { type Fault, LockstepError } from '../../../contract';
import type { GpuCheck } from './gpu-check';

/** A matrix that GitHub would refuse, or of which nothing is left to run. */
export function matrixFaults({ cuda, driver, pytorch }: GpuCheck, place: string): readonly Fault[] {
  try {
    const matrix = matrixOf({ cuda, driver, pytorch });
    if (matrix.github.include.length > 0) return [];
    return [
      {
        place,
        value: `no combination that is supported: ${exclusionsOf(matrix)
          .map(({ because }) => because)
          .join('. ')}`,
        allowed: 'versions of which at least one combination is supported',
        change: 'choose others; `npx lockstep gpu-matrix` says which go together',
      },
    ];
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((fault) => ({ ...fault, place }));
  }
}
