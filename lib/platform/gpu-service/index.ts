export { gpuService } from './factory';
export type * from './gpu-service';
export { gpuServiceKind } from './kind';
export type * from './props';
