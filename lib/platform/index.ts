export { definePlatform } from './define-platform';
export { gpuService } from './gpu-service';
export * from './platform';
export * from './props';
