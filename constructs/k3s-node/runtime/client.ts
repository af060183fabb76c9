import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EC2Client } from '@aws-sdk/client-ec2';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsConnection } from '../../../contract';
import { clientOptions } from '../../aws-client';

/** The AWS clients that this target's verbs call. */
export interface NodeClients {
  readonly ec2: EC2Client;
  readonly ssm: SSMClient;
  readonly s3: S3Client;
  readonly logs: CloudWatchLogsClient;
  /** Closes the connections that are kept alive between polls. */
  close(): void;
}

export function connect(connection: AwsConnection): NodeClients {
  const options = clientOptions(connection);
  const ec2 = new EC2Client(options);
  const ssm = new SSMClient(options);
  // Another address has no name for each bucket.
  const s3 = new S3Client({ ...options, forcePathStyle: connection.endpoint !== undefined });
  const logs = new CloudWatchLogsClient(options);
  return {
    ec2,
    ssm,
    s3,
    logs,
    close: () => {
      for (const client of [ec2, ssm, s3, logs]) client.destroy();
    },
  };
}
