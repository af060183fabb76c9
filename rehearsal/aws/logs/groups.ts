import { optionalString } from '../modelled-members';
import { ApiFault, type Call, type Input } from '../service';
import type { LogGroup, LogsState, LogStream } from './state';

/** Who holds the state: read anew each time, because a situation that is taken up again replaces it. */
export interface LogsHolder {
  readonly state: LogsState;
}

export const arnOf = (account: string, region: string, group: string): string =>
  `arn:aws:logs:${region}:${account}:log-group:${group}`;

/**
 * ARN of the group that a request names by name or by ARN.
 *
 * @throws ApiFault `InvalidParameterException` unless the request names exactly one
 */
export function groupArn(input: Input, { account, region }: Call): string {
  const name = optionalString(input, 'logGroupName');
  const identifier = optionalString(input, 'logGroupIdentifier');
  const named = name ?? identifier;
  if (named === undefined || (name !== undefined && identifier !== undefined)) {
    throw new ApiFault(
      'InvalidParameterException',
      'Exactly one of logGroupName and logGroupIdentifier is needed.',
    );
  }
  return named.startsWith('arn:') ? named.replace(/:\*$/, '') : arnOf(account, region, named);
}

/**
 * The resource on which IAM decides about a whole group, or one stream: CloudWatch Logs asks about a group as
 * about a stream without a name, so that only policies ending in `:*` match.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 */
export const streamArn = (group: string, stream = ''): string => `${group}:log-stream:${stream}`;

/**
 * @throws ApiFault `ResourceNotFoundException`
 */
export function groupOf({ state }: LogsHolder, arn: string): LogGroup {
  const group = state.groups.get(arn);
  if (group) return group;
  throw new ApiFault('ResourceNotFoundException', 'The specified log group does not exist.');
}

/**
 * @throws ApiFault `ResourceNotFoundException`
 */
export function streamOf({ streams }: LogGroup, name: string): LogStream {
  const stream = streams.get(name);
  if (stream) return stream;
  throw new ApiFault('ResourceNotFoundException', 'The specified log stream does not exist.');
}

/**
 * @throws ApiFault `ResourceAlreadyExistsException`
 */
export function createStream(group: LogGroup, name: string, now: number): LogStream {
  if (group.streams.has(name)) {
    throw new ApiFault('ResourceAlreadyExistsException', 'The specified log stream already exists');
  }
  if (!/^[^:*]{1,512}$/.test(name)) {
    throw new ApiFault('InvalidParameterException', `logStreamName: 1 to 512 characters without : and *`);
  }
  const stream = { createdAt: now, events: [] };
  group.streams.set(name, stream);
  return stream;
}
