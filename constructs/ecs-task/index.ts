export * from './runtime/causes';
export * from './runtime/stopped-task';
export * from './runtime/task-definition';
