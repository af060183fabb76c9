export { gpuService } from './factory';
export type * from './gpu-service';
export { instancesOf } from './instances-of';
export { gpuServiceKind } from './kind';
export type * from './props';
