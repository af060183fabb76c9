export { definePlatform, isDefined } from './define-platform';
export * from './gpu-service';
export { fileFaults, type RepositoryFiles } from './file-faults';
export * from './pipelines';
export * from './platform';
export type * from './props';
export * from './sagemaker-endpoint';
export type * from './workload';
