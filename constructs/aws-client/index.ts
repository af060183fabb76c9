export * from './aws-failure';
export * from './client-options';
