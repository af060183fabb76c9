export { constructProps } from './construct-props';
export { sagemakerEndpoint } from './factory';
export { sagemakerEndpointKind } from './kind';
export type * from './props';
export type * from './sagemaker-endpoint';
