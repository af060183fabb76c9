export { definePlatform, isDefined } from './define-platform';
export { gpuService } from './gpu-service';
export { missingFiles } from './missing-files';
export * from './platform';
export * from './props';
