import { optionalString } from '../modelled-members';
import { ApiFault, type Input } from '../service';
import type { LogEvent } from './state';

/** Most events of one answer. */
const MOST = 10_000;

/** A whole number of a request, or its default. */
export function limitOf(input: Input, fallback: number, most: number): number {
  const limit = Number(input.limit ?? fallback);
  if (Number.isInteger(limit) && limit >= 1 && limit <= most) return limit;
  throw new ApiFault('InvalidParameterException', `limit: 1 to ${most}`);
}

/** Events from `startTime` on and before `endTime`, in milliseconds since the epoch. */
export function within<Event extends Pick<LogEvent, 'timestamp'>>(
  events: readonly Event[],
  { startTime, endTime }: Input,
): readonly Event[] {
  const [start, end] = [Number(startTime ?? 0), Number(endTime ?? Infinity)];
  return events.filter(({ timestamp }) => timestamp >= start && timestamp < end);
}

/**
 * One page of a stream. Without a token it holds the last events, or the first where the request says
 * `startFromHead`; at the end of the stream, reading on gives the same token again.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export function getEvents(all: readonly LogEvent[], input: Input): object {
  const limit = limitOf(input, MOST, MOST);
  const events = within(all, input);
  const { start, end } = bounds(events.length, limit, input);
  return {
    events: events.slice(start, end),
    nextForwardToken: `f/${end}`,
    nextBackwardToken: `b/${start}`,
  };
}

function bounds(
  count: number,
  limit: number,
  input: Input,
): { readonly start: number; readonly end: number } {
  const token = optionalString(input, 'nextToken');
  if (token === undefined) {
    return input.startFromHead === true
      ? { start: 0, end: Math.min(limit, count) }
      : { start: Math.max(0, count - limit), end: count };
  }
  const [, direction, text] = /^([fb])\/(\d+)$/.exec(token) ?? [];
  if (direction === undefined) {
    throw new ApiFault('InvalidParameterException', 'The specified nextToken is invalid.');
  }
  const position = Math.min(Number(text), count);
  return direction === 'f'
    ? { start: position, end: Math.min(position + limit, count) }
    : { start: Math.max(0, position - limit), end: position };
}

/**
 * A filter pattern of words: all must be there, `"…"` is a phrase, `-` excludes, one of those with `?` is
 * enough. Patterns over JSON, columns and regular expressions are not modelled.
 *
 * @throws ApiFault `NotImplemented`
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function readPattern(pattern: string): (message: string) => boolean {
  if (/^\s*[{[%]/.test(pattern)) {
    throw new ApiFault('NotImplemented', `the rehearsal does not model the filter pattern ${pattern}`, 501);
  }
  const terms = [...pattern.matchAll(/([-?]?)(?:"([^"]*)"|(\S+))/g)].map(([, sign, phrase, word]) => ({
    sign,
    text: phrase ?? word ?? '',
  }));
  const optional = terms.filter(({ sign }) => sign === '?');
  return (message) =>
    terms.every(({ sign, text }) => {
      if (sign === '?') return true;
      return message.includes(text) === (sign !== '-');
    }) &&
    (optional.length === 0 || optional.some(({ text }) => message.includes(text)));
}
