import { optionalString, refuseOthers } from '../modelled-members';
import { type Call, type Input, type Operation, page, stringOf, stringsOf } from '../service';
import { createStream, groupArn, groupOf, type LogsHolder, streamArn, streamOf } from './groups';
import { putEvents } from './put-events';
import { getEvents, limitOf, readPattern, within } from './read-events';
import type { LogGroup } from './state';

const API = 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_';

/** Largest and usual page of groups and streams. */
const LIST_PAGE = 50;
const MOST_EVENTS = 10_000;

const WHICH_GROUP = ['logGroupName', 'logGroupIdentifier'];

/** Groups, streams and events. */
export function logsOperations(logs: LogsHolder): Readonly<Record<string, Operation>> {
  const operation = (
    name: string,
    members: readonly string[],
    resource: (input: Input, call: Call) => string,
    handle: (input: Input, call: Call) => object,
  ): Operation => ({
    source: `${API}${name}.html`,
    questions: (input, call) => [{ action: `logs:${name}`, resource: resource(input, call) }],
    handle: (input, call) => {
      refuseOthers(`logs:${name}`, input, members);
      return handle(input, call);
    },
  });
  const group = (input: Input, call: Call): LogGroup => groupOf(logs, groupArn(input, call));
  const aboutGroup = (input: Input, call: Call) => streamArn(groupArn(input, call));
  const aboutStream = (input: Input, call: Call) =>
    streamArn(groupArn(input, call), stringOf(input, 'logStreamName'));
  return {
    DescribeLogGroups: operation(
      'DescribeLogGroups',
      ['logGroupNamePrefix', 'nextToken', 'limit'],
      () => '*',
      (input, call) => describeGroups(logs, input, call),
    ),
    DescribeLogStreams: operation(
      'DescribeLogStreams',
      [...WHICH_GROUP, 'logStreamNamePrefix', 'orderBy', 'descending', 'nextToken', 'limit'],
      aboutGroup,
      (input, call) => describeStreams(group(input, call), input),
    ),
    CreateLogStream: operation(
      'CreateLogStream',
      ['logGroupName', 'logStreamName'],
      aboutStream,
      (input, call) => {
        createStream(group(input, call), stringOf(input, 'logStreamName'), call.now);
        return {};
      },
    ),
    PutLogEvents: operation(
      'PutLogEvents',
      ['logGroupName', 'logStreamName', 'logEvents', 'sequenceToken'],
      aboutStream,
      (input, call) => {
        const found = group(input, call);
        return putEvents(found, streamOf(found, stringOf(input, 'logStreamName')), input, call.now);
      },
    ),
    GetLogEvents: operation(
      'GetLogEvents',
      [...WHICH_GROUP, 'logStreamName', 'startTime', 'endTime', 'nextToken', 'limit', 'startFromHead'],
      aboutStream,
      (input, call) =>
        getEvents(streamOf(group(input, call), stringOf(input, 'logStreamName')).events, input),
    ),
    FilterLogEvents: operation(
      'FilterLogEvents',
      [
        ...[...WHICH_GROUP, 'logStreamNames', 'logStreamNamePrefix', 'startTime', 'endTime'],
        ...['filterPattern', 'nextToken', 'limit', 'interleaved', 'startFromHead'],
      ],
      aboutGroup,
      (input, call) => filterEvents(group(input, call), input),
    ),
  };
}

function describeGroups({ state }: LogsHolder, input: Input, { account, region }: Call): object {
  const prefix = `arn:aws:logs:${region}:${account}:log-group:${optionalString(input, 'logGroupNamePrefix') ?? ''}`;
  const found = [...state.groups.values()].filter(({ arn }) => arn.startsWith(prefix));
  const { items, ...token } = page(
    paged(input),
    sortedBy(found, ({ name }) => name),
    LIST_PAGE,
  );
  const logGroups = items.map(({ arn, name, createdAt, retentionInDays, streams }) => ({
    logGroupName: name,
    logGroupArn: arn,
    arn: `${arn}:*`,
    creationTime: createdAt,
    ...(retentionInDays !== undefined && { retentionInDays }),
    storedBytes: [...streams.values()].flatMap(({ events }) => events).reduce(addSize, 0),
  }));
  return { logGroups, ...token };
}

const addSize = (sum: number, { message }: { readonly message: string }): number =>
  sum + Buffer.byteLength(message);

function describeStreams({ arn, streams }: LogGroup, input: Input): object {
  const prefix = optionalString(input, 'logStreamNamePrefix') ?? '';
  const byTime = optionalString(input, 'orderBy') === 'LastEventTime';
  const described = [...streams]
    .filter(([name]) => name.startsWith(prefix))
    .map(([logStreamName, { createdAt, events }]) => ({
      logStreamName,
      arn: streamArn(arn, logStreamName),
      creationTime: createdAt,
      ...(events[0] && { firstEventTimestamp: events[0].timestamp }),
      lastEventTimestamp: events.at(-1)?.timestamp,
      lastIngestionTime: events.at(-1)?.ingestionTime,
      storedBytes: 0,
    }));
  const sorted = byTime
    ? sortedBy(described, ({ lastEventTimestamp = 0 }) => lastEventTimestamp)
    : sortedBy(described, ({ logStreamName }) => logStreamName);
  const ordered = input.descending === true ? [...sorted].reverse() : sorted;
  const { items, ...token } = page(paged(input), ordered, LIST_PAGE);
  return { logStreams: items, ...token };
}

function filterEvents({ streams }: LogGroup, input: Input): object {
  const names = input.logStreamNames === undefined ? [...streams.keys()] : stringsOf(input, 'logStreamNames');
  const prefix = optionalString(input, 'logStreamNamePrefix') ?? '';
  const matches = readPattern(optionalString(input, 'filterPattern') ?? '');
  const all = names
    .filter((name) => name.startsWith(prefix))
    .flatMap((logStreamName) =>
      (streams.get(logStreamName)?.events ?? []).map((event, index) => ({
        logStreamName,
        ...event,
        eventId: `${logStreamName}/${index}`,
      })),
    );
  const found = within(all, input).filter(({ message }) => matches(message));
  const maxResults = limitOf(input, MOST_EVENTS, MOST_EVENTS);
  const sorted = sortedBy(found, ({ timestamp }) => timestamp);
  const ordered = input.startFromHead === false ? [...sorted].reverse() : sorted;
  const { items, ...token } = page({ ...paged(input), maxResults }, ordered, MOST_EVENTS);
  return { events: items, searchedLogStreams: [], ...token };
}

const paged = ({ limit, nextToken }: Input): Input => ({ maxResults: limit, nextToken });

function sortedBy<T>(items: readonly T[], key: (item: T) => string | number): readonly T[] {
  return [...items].sort((one, other) => (key(one) < key(other) ? -1 : Number(key(one) > key(other))));
}
