import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { awsErrorName, callAws } from '../../aws-client';
import { logGroupOf, type SagemakerEndpointSpec } from '../spec';

/** What the containers of an endpoint have written. */
export class EndpointLogs {
  private readonly group: string;

  constructor(
    private readonly logs: CloudWatchLogsClient,
    { endpoint }: SagemakerEndpointSpec,
  ) {
    this.group = logGroupOf(endpoint);
  }

  /** Last lines of the container that wrote last; none where none has written. */
  async lastLines(limit: number): Promise<readonly string[]> {
    try {
      const { logStreams = [] } = await callAws('logs:DescribeLogStreams', () =>
        this.logs.send(
          new DescribeLogStreamsCommand({
            logGroupName: this.group,
            orderBy: 'LastEventTime',
            descending: true,
            limit: 1,
          }),
        ),
      );
      const logStreamName = logStreams[0]?.logStreamName;
      if (logStreamName === undefined) return [];
      const { events = [] } = await callAws('logs:GetLogEvents', () =>
        this.logs.send(
          new GetLogEventsCommand({ logGroupName: this.group, logStreamName, limit, startFromHead: false }),
        ),
      );
      return events.flatMap(({ message }) => message ?? []);
    } catch (error) {
      // SageMaker makes the group when the first container writes.
      if (awsErrorName(error) === 'ResourceNotFoundException') return [];
      throw error;
    }
  }
}
