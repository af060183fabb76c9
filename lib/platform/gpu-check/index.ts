export type * from './gpu-check';
export type * from './props';
