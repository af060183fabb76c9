import {
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import type { ContractRow } from '../row';

const logGroupName = '/app/logs';
/** Events may lie two hours ahead at most. */
const TOO_FAR_MS = 3 * 3_600_000;
const stream = { logGroupName, logStreamName: 'task/1' };

export const LOGS: readonly ContractRow[] = [
  {
    operation: 'DescribeLogGroups',
    call: ({ logs }) => logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/app' })),
    answer: {
      logGroups: [{ logGroupName, retentionInDays: 7, creationTime: expect.any(Number) as unknown }],
    },
  },
  {
    operation: 'CreateLogStream',
    call: ({ logs }) => logs.send(new CreateLogStreamCommand(stream)),
    answer: { $metadata: { httpStatusCode: 200 } },
  },
  {
    operation: 'PutLogEvents',
    call: ({ logs }, { clock }) => {
      const timestamp = clock.now();
      const logEvents = [
        { timestamp, message: 'ready' },
        { timestamp, message: 'ERROR ✗' },
        { timestamp: timestamp + TOO_FAR_MS, message: 'tomorrow' },
      ];
      return logs.send(new PutLogEventsCommand({ ...stream, logEvents }));
    },
    answer: { rejectedLogEventsInfo: { tooNewLogEventStartIndex: 2 } },
  },
  {
    operation: 'DescribeLogStreams',
    call: ({ logs }) => logs.send(new DescribeLogStreamsCommand({ logGroupName })),
    answer: { logStreams: [{ logStreamName: 'task/1', lastEventTimestamp: expect.any(Number) as unknown }] },
  },
  {
    operation: 'GetLogEvents',
    call: ({ logs }) => logs.send(new GetLogEventsCommand({ ...stream, startFromHead: true })),
    answer: {
      events: [{ message: 'ready' }, { message: 'ERROR ✗' }],
      nextForwardToken: expect.any(String) as unknown,
    },
  },
  {
    operation: 'FilterLogEvents',
    call: ({ logs }) => logs.send(new FilterLogEventsCommand({ logGroupName, filterPattern: 'ERROR' })),
    answer: { events: [{ logStreamName: 'task/1', message: 'ERROR ✗' }] },
  },
];
