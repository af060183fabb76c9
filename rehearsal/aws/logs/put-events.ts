import { z } from 'zod';
import { ApiFault, type Input } from '../service';
import type { LogGroup, LogStream } from './state';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Events of longer ago are rejected, or of before the retention of the group. */
const OLDEST_DAYS = 14;
/** Events of further ahead are rejected. */
const NEWEST_MS = 2 * HOUR_MS;
/** Bytes of a batch, with 26 for each event. */
const LARGEST_BATCH = 1_048_576;
const OVERHEAD = 26;

const LogEvents = z
  .array(z.object({ timestamp: z.number(), message: z.string().min(1) }))
  .min(1)
  .max(10_000);

/**
 * Adds a batch of events to a stream; those that are too old or too new are rejected one by one.
 *
 * @throws ApiFault `InvalidParameterException` for a batch that is refused as a whole
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export function putEvents(group: LogGroup, stream: LogStream, input: Input, now: number): object {
  const read = LogEvents.safeParse(input.logEvents);
  if (!read.success) throw refused('logEvents: 1 to 10000 events, each with a timestamp and a message');
  const events = read.data;
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw refused('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > DAY_MS) {
    throw refused('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
  const size = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + OVERHEAD, 0);
  if (size > LARGEST_BATCH)
    throw refused(`Upload too large: ${size} bytes exceeds limit of ${LARGEST_BATCH}`);
  const expired = now - (group.retentionInDays ?? Infinity) * DAY_MS;
  const old = now - OLDEST_DAYS * DAY_MS;
  const expiredEnd = events.filter(({ timestamp }) => timestamp < expired).length;
  const oldEnd = events.filter(({ timestamp }) => timestamp < old).length;
  const newStart = events.findIndex(({ timestamp }) => timestamp > now + NEWEST_MS);
  const kept = events.slice(Math.max(expiredEnd, oldEnd), newStart < 0 ? undefined : newStart);
  stream.events.push(...kept.map((event) => ({ ...event, ingestionTime: now })));
  stream.events.sort((one, other) => one.timestamp - other.timestamp);
  const rejected = {
    ...(expiredEnd > 0 && { expiredLogEventEndIndex: expiredEnd }),
    ...(oldEnd > 0 && { tooOldLogEventEndIndex: oldEnd }),
    ...(newStart >= 0 && { tooNewLogEventStartIndex: newStart }),
  };
  return Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {};
}

const refused = (text: string): ApiFault => new ApiFault('InvalidParameterException', text);
