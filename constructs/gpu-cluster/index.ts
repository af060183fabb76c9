export * from './gpu-capacity';
export * from './gpu-cluster';
export * from './gpu-instance-types';
