import * as schemas from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import type { VirtualClock } from '../../clock/virtual-clock';
import type { AlarmStates } from '../ecs';
import { refuseOthers } from '../modelled-members';
import { isAt, type Place } from '../place';
import { readProperties } from '../resource-properties';
import {
  type AwsService,
  type Call,
  type Input,
  type Made,
  type Operation,
  page,
  stringsOf,
  type TemplateResource,
} from '../service';

export type AlarmValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** Times are milliseconds since the epoch. */
interface AlarmState extends Place {
  readonly arn: string;
  readonly name: string;
  readonly description?: string;
  readonly metric?: string;
  readonly namespace?: string;
  /** Seconds. */
  readonly period: number;
  readonly evaluationPeriods: number;
  value: AlarmValue;
  reason: string;
  updatedAt: number;
}

export interface CloudWatchState {
  alarms: AlarmState[];
}

/** Seconds. */
const DEFAULT_PERIOD = 60;
/** Largest page that AWS gives. */
const PAGE = 100;
const MODELLED = ['AlarmNames', 'AlarmNamePrefix', 'StateValue', 'MaxRecords', 'NextToken'];

const alarmSchema = z.looseObject({
  AlarmName: z.string().optional(),
  AlarmDescription: z.string().optional(),
  MetricName: z.string().optional(),
  Namespace: z.string().optional(),
  Period: z.coerce.number().optional(),
  Metrics: z
    .array(z.looseObject({ MetricStat: z.looseObject({ Period: z.coerce.number() }).optional() }))
    .default([]),
  EvaluationPeriods: z.coerce.number(),
  TreatMissingData: z.string().optional(),
});

/**
 * Alarms of CloudWatch. No metric is measured: an alarm changes its state when a fault says so.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
 */
export class CloudWatchService implements AwsService, AlarmStates {
  readonly signingName = 'monitoring';
  readonly protocol = 'json';
  readonly schemas = schemas;
  readonly operations: Readonly<Record<string, Operation>> = {
    DescribeAlarms: {
      source: 'https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html',
      questions: (input, call) =>
        namesIn(input, ['*']).map((name) => ({
          action: 'cloudwatch:DescribeAlarms',
          resource: alarmArn(call, name),
        })),
      handle: (input, call) => this.describe(input, call),
    },
  };
  readonly makes: AwsService['makes'] = {
    'AWS::CloudWatch::Alarm': (resource) => this.make(resource),
  };
  state: CloudWatchState = { alarms: [] };
  private readonly clock: VirtualClock;

  constructor({ clock }: { readonly clock: VirtualClock }) {
    this.clock = clock;
  }

  /** @throws Error when there is no such alarm: a rehearsal that names it is wrong */
  setAlarm(account: string, region: string, name: string, value: AlarmValue): void {
    const alarm = this.find(account, region, name);
    if (!alarm) throw new Error(`no alarm ${account} ${region} ${name} was seeded`);
    const reason = value === 'ALARM' ? 'Threshold Crossed' : 'Threshold no longer crossed';
    Object.assign(alarm, { value, reason, updatedAt: this.clock.now() });
  }

  inAlarm(account: string, region: string, name: string): boolean {
    return this.find(account, region, name)?.value === 'ALARM';
  }

  lookback(account: string, region: string, name: string): number {
    const alarm = this.find(account, region, name);
    return alarm ? alarm.period * alarm.evaluationPeriods : 0;
  }

  /** Nothing: an alarm is not the run's own. */
  leftovers(): readonly string[] {
    return [];
  }

  private find(account: string, region: string, name: string): AlarmState | undefined {
    return this.state.alarms.find(
      (each) => each.account === account && each.region === region && each.name === name,
    );
  }

  private make(resource: TemplateResource): Made {
    const read = readProperties(resource, alarmSchema);
    const { account, region, stack, logicalId } = resource;
    const name = read.AlarmName ?? `${stack}-${logicalId}`;
    const arn = alarmArn(resource, name);
    this.state.alarms.push({
      account,
      region,
      arn,
      name,
      ...(read.AlarmDescription === undefined ? {} : { description: read.AlarmDescription }),
      ...(read.MetricName === undefined ? {} : { metric: read.MetricName }),
      ...(read.Namespace === undefined ? {} : { namespace: read.Namespace }),
      period: read.Period ?? periodOf(read.Metrics),
      evaluationPeriods: read.EvaluationPeriods,
      // Nothing is measured here.
      value: read.TreatMissingData === 'notBreaching' ? 'OK' : 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      updatedAt: this.clock.now(),
    });
    return { ref: name, attributes: { Arn: arn } };
  }

  private describe(input: Input, call: Call): object {
    refuseOthers('cloudwatch:DescribeAlarms', input, MODELLED);
    const names = namesIn(input, []);
    const { AlarmNamePrefix: prefix, StateValue: value } = input;
    const matching = this.state.alarms.filter(
      (each) =>
        isAt(each, call) &&
        (names.length === 0 || names.includes(each.name)) &&
        (typeof prefix !== 'string' || each.name.startsWith(prefix)) &&
        (value === undefined || each.value === value),
    );
    const asked = { maxResults: input.MaxRecords, nextToken: input.NextToken };
    const { items, nextToken } = page(asked, matching, PAGE);
    return {
      MetricAlarms: items.map(described),
      CompositeAlarms: [],
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
  }
}

/** The longest of the metrics that an expression is made of. */
const periodOf = (
  metrics: readonly { readonly MetricStat?: { readonly Period: number } | undefined }[],
): number => Math.max(...metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? []), DEFAULT_PERIOD);

const alarmArn = ({ account, region }: Place, name: string): string =>
  `arn:aws:cloudwatch:${region}:${account}:alarm:${name}`;

const namesIn = (input: Input, fallback: readonly string[]): readonly string[] =>
  input.AlarmNames === undefined ? fallback : stringsOf(input, 'AlarmNames');

const described = (alarm: AlarmState): object => ({
  AlarmArn: alarm.arn,
  AlarmName: alarm.name,
  AlarmDescription: alarm.description,
  MetricName: alarm.metric,
  Namespace: alarm.namespace,
  Period: alarm.period,
  EvaluationPeriods: alarm.evaluationPeriods,
  StateValue: alarm.value,
  StateReason: alarm.reason,
  StateUpdatedTimestamp: alarm.updatedAt / 1_000,
});
