export * from './registry';
export * from './tags';
