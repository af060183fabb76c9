export * from './arn';
export * from './aws-failure';
export * from './client-options';
export * from './newest-lines';
export * from './paged';
export * from './interruption';
export * from './session-expired';
export * from './sole-image';
