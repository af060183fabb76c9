import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsConnection } from '../../../contract';
import { clientOptions } from '../../aws-client';

/** The AWS clients that this target's verbs call. */
export interface SagemakerClients {
  readonly sagemaker: SageMakerClient;
  readonly invoker: SageMakerRuntimeClient;
  readonly ssm: SSMClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  /** Closes the connections that are kept alive between polls. */
  close(): void;
}

export function connect(connection: AwsConnection): SagemakerClients {
  const options = clientOptions(connection);
  const sagemaker = new SageMakerClient(options);
  // One attempt: a call of the model that fails or is slow is a finding, not something to try again.
  const invoker = new SageMakerRuntimeClient(clientOptions({ ...connection, maxAttempts: 1 }));
  const ssm = new SSMClient(options);
  // Another address has no name for each bucket.
  const s3 = new S3Client({ ...options, forcePathStyle: connection.endpoint !== undefined });
  const logs = new CloudWatchLogsClient(options);
  return {
    sagemaker,
    invoker,
    ssm,
    s3,
    logs,
    close: () => {
      for (const client of [sagemaker, invoker, ssm, s3, logs]) client.destroy();
    },
  };
}
