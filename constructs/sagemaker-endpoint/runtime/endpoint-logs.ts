import {
  type CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { DeployContext, LogLine, LogsRequest } from '../../../contract';
import { awsErrorName, callAws, newestLines } from '../../aws-client';
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

  /** Lines of every container; none where none has written. */
  async lines(request: LogsRequest, context: DeployContext): Promise<readonly LogLine[]> {
    try {
      return await newestLines(request, context, (page) =>
        this.logs.send(new FilterLogEventsCommand({ logGroupName: this.group, ...page })),
      );
    } catch (error) {
      if (isMissing(error)) return [];
      throw error;
    }
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
      if (isMissing(error)) return [];
      throw error;
    }
  }
}

/** SageMaker makes the group when the first container writes. */
const isMissing = (error: unknown): boolean => awsErrorName(error) === 'ResourceNotFoundException';
