export * from './image-registry';
export * from './spec';
