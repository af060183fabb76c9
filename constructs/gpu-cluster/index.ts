export * from './gpu-cluster';
export * from './gpu-instance-types';
