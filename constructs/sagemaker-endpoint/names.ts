/** Names of one endpoint and of what belongs to it; the platform chooses them. */
export interface SagemakerEndpointNames {
  readonly endpoint: string;
  /** First part of the names of models and endpoint configs, which end with a hash. */
  readonly namePrefix: string;
  readonly executionRole: string;
  /** SSM parameter that the construct writes. */
  readonly declaredSettings: string;
  /** SSM parameters that the pipeline writes. */
  readonly releasedConfig: string;
  readonly releasedImage: string;
  readonly releasedModel: string;
}
