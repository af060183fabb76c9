import { Duration } from 'aws-cdk-lib';
import type { SagemakerEndpointProps } from '../../../constructs/sagemaker-endpoint';
import type { SagemakerEndpointEnvironment, SagemakerEndpointWorkload } from './sagemaker-endpoint';

/** Where an endpoint lies, and its image. */
export interface EndpointPlace {
  readonly account: string;
  readonly region: string;
  readonly repositoryArn: string;
}

/** What the construct is told. The rules ask its spec for the limits of the API before any stack is made. */
export function constructProps(
  workload: SagemakerEndpointWorkload,
  environment: SagemakerEndpointEnvironment,
  place: EndpointPlace,
): SagemakerEndpointProps {
  const { models, source, verification } = workload;
  const { name: _, ...settings } = environment;
  return {
    ...place,
    ...settings,
    modelBucket: models.bucket,
    ...(models.initial !== undefined && { initialModel: `s3://${models.bucket}/${models.initial}` }),
    keepConfigs: workload.keepVersions,
    deployTimeout: Duration.minutes(workload.rollout.timeoutMinutes),
    verification: {
      ...verification,
      payload: `${source}/${verification.payload}`,
      schema: `${source}/${verification.schema}`,
    },
  };
}
