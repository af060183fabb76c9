export * from './gpu-check';
export * from './names';
export * from './spec';
