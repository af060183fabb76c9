export * from './base-images';
export * from './cell';
export { FIGURES_PREFIX, type GpuFigures } from './figures';
export * from './gpu-check';
export * from './result';
export type { OpenWork } from './clean-up';
export { type CellRun, interrupted } from './run-cell';
