export { applyToCheck } from './apply';
export type { GpuCheckEffect } from './effects';
export { AT_REST, facts, reported } from './facts';
export { type CheckFault, GPU_CHECK_FAULTS } from './faults';
