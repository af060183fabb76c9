import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { ECSClient } from '@aws-sdk/client-ecs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { AwsConnection } from '../../../contract';
import { clientOptions } from '../../aws-client';

/** The verification function asks several times, with pauses, before it answers. */
const FUNCTION_MS = 2 * 60_000;

/** The AWS clients that this target's verbs call. */
export interface EcsClients {
  readonly ecs: ECSClient;
  readonly ssm: SSMClient;
  readonly logs: CloudWatchLogsClient;
  readonly lambda: LambdaClient;
  /** Closes the connections that are kept alive between polls. */
  close(): void;
}

export function connect(connection: AwsConnection): EcsClients {
  const options = clientOptions(connection);
  const ecs = new ECSClient(options);
  const ssm = new SSMClient(options);
  const logs = new CloudWatchLogsClient(options);
  const lambda = new LambdaClient({
    ...options,
    requestHandler: { ...options.requestHandler, requestTimeout: FUNCTION_MS },
  });
  return {
    ecs,
    ssm,
    logs,
    lambda,
    close: () => {
      for (const client of [ecs, ssm, logs, lambda]) client.destroy();
    },
  };
}
