export * from './calls';
export { ModelBucket, type ModelBucketProps } from './model-bucket';
export type { SagemakerEndpointNames } from './names';
export * from './sagemaker-endpoint';
export {
  parseSagemakerEndpointSpec,
  SAGEMAKER_ENDPOINT_KIND,
  type SagemakerEndpointSpec,
  type SpecFault,
  specFaults,
  type UpdatePolicy,
  waitingSeconds,
} from './spec';
