export * from './delivery-state';
