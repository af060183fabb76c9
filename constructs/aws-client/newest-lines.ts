import type { DeployContext, LogLine, LogsRequest } from '../../contract';
import { callAws } from './aws-failure';
import { throwIfInterrupted } from './interruption';

/** Most events of one page. */
const LARGEST_PAGE = 10_000;

/** What every page is asked for, besides the group. */
export interface LogPageRequest {
  readonly startTime: number;
  readonly limit: number;
  readonly startFromHead: false;
  readonly nextToken?: string;
}

interface LogPage {
  readonly events?: readonly {
    readonly timestamp?: number;
    readonly logStreamName?: string;
    readonly message?: string;
  }[];
  readonly nextToken?: string;
}

/**
 * The newest lines of a log group, oldest first. A page may be empty although others follow.
 *
 * @param ask makes the call
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export async function newestLines(
  { sinceMs, limit }: LogsRequest,
  context: DeployContext,
  ask: (page: LogPageRequest) => Promise<LogPage>,
): Promise<readonly LogLine[]> {
  const startTime = Math.max(0, Math.floor(context.clock.now() - sinceMs));
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    throwIfInterrupted(context);
    const page: LogPage = await callAws('logs:FilterLogEvents', () =>
      ask({
        startTime,
        limit: Math.min(LARGEST_PAGE, limit - lines.length),
        startFromHead: false,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    for (const { timestamp = 0, logStreamName = '', message = '' } of page.events ?? []) {
      lines.push({ at: new Date(timestamp).toISOString(), source: logStreamName, text: message.trimEnd() });
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined && lines.length < limit);
  return lines.reverse();
}
