import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsConnection } from '../../../contract';
import { clientOptions } from '../../aws-client';

/** The AWS clients that a check calls. */
export interface GpuCheckClients {
  readonly ecs: ECSClient;
  readonly ssm: SSMClient;
  readonly logs: CloudWatchLogsClient;
  /** Closes the connections that are kept alive between polls. */
  close(): void;
}

export function connect(connection: AwsConnection): GpuCheckClients {
  const options = clientOptions(connection);
  const ecs = new ECSClient(options);
  const ssm = new SSMClient(options);
  const logs = new CloudWatchLogsClient(options);
  return {
    ecs,
    ssm,
    logs,
    close: () => {
      for (const client of [ecs, ssm, logs]) client.destroy();
    },
  };
}
