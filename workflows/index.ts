export * from './delivery-workflows';
export * from './pins/pins';
export * from './plan';
export type * from './plan/model';
export { actionCalls } from './steps/action-calls';
export { COMMAND_PATH, commandLine } from './steps/command';
export { renderWorkflow } from './render/yaml';
export { script } from './render/step';
export * from './workflow-file';
