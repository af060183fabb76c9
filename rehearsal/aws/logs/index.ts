import * as schemas from '@aws-sdk/client-cloudwatch-logs';
import { z } from 'zod';
import type { VirtualClock } from '../../clock/virtual-clock';
import { readProperties } from '../resource-properties';
import { ApiFault, type AwsService, type Made, type TemplateResource } from '../service';
import { arnOf, createStream, groupOf } from './groups';
import { logsOperations } from './operations';
import type { LogsState } from './state';

/** Where lines go. */
export interface LogDestination {
  readonly account: string;
  readonly region: string;
  readonly group: string;
  readonly stream: string;
}

const Properties = z.strictObject({
  LogGroupName: z.string().optional(),
  RetentionInDays: z.number().optional(),
  LogGroupClass: z.literal('STANDARD').optional(),
  KmsKeyId: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/** CloudWatch Logs. @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/ */
export class LogsService implements AwsService {
  readonly signingName = 'logs';
  readonly protocol = 'json';
  readonly schemas = schemas;
  readonly operations = logsOperations(this);
  readonly makes = { 'AWS::Logs::LogGroup': (resource: TemplateResource) => this.make(resource) };
  state: LogsState = { groups: new Map() };
  private readonly clock: VirtualClock;

  constructor({ clock }: { readonly clock: VirtualClock }) {
    this.clock = clock;
  }

  leftovers(): readonly string[] {
    return [];
  }

  /**
   * Lines of a container, whose log driver creates the stream. A task whose group is missing does not start,
   * therefore it is an error here.
   *
   * @throws ApiFault `ResourceNotFoundException`
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
   */
  write({ account, region, group, stream }: LogDestination, lines: readonly string[]): void {
    const now = this.clock.now();
    const found = groupOf(this, arnOf(account, region, group));
    const { events } = found.streams.get(stream) ?? createStream(found, stream, now);
    events.push(...lines.map((message) => ({ message, timestamp: now, ingestionTime: now })));
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html */
  private make(resource: TemplateResource): Made {
    const { account, region, stack, logicalId } = resource;
    const { LogGroupName: name = `${stack}-${logicalId}`, RetentionInDays: retentionInDays } = readProperties(
      resource,
      Properties,
    );
    const arn = arnOf(account, region, name);
    if (this.state.groups.has(arn)) {
      throw new ApiFault('ResourceAlreadyExistsException', `The specified log group already exists: ${name}`);
    }
    const createdAt = this.clock.now();
    const retention = retentionInDays === undefined ? {} : { retentionInDays };
    this.state.groups.set(arn, { arn, name, createdAt, ...retention, streams: new Map() });
    return { ref: name, attributes: { Arn: `${arn}:*` } };
  }
}
