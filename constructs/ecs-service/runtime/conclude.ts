import type { Service } from '@aws-sdk/client-ecs';
import type { DeployContext, DeployOutcome, DeployReceipt } from '../../../contract';
import { lastPart } from '../../aws-client';
import { imageOf } from '../../ecs-task';
import type { EcsAccess } from './access';
import { recordRelease } from './record-release';
import { definitionArnOf } from './service-definition';
import { type DeploymentRecord, type FailedHook, newest } from './service-deployments';
import { isAsleep, sleepingHours } from './sleep';
import { versionOf } from './version';
import { type Snapshot, watch } from './watch';

/** How long ECS may go on answering with what was true before. */
const SETTLE_MS = 30_000;

export type Failure = Extract<DeployOutcome, { result: 'failed' }>;

export const NOTHING_BEFORE = 'nothing ran before it, so that there is nothing to go back to';

/** What a deployment that has ended means: only the success of this one, still in place, is a success. */
export async function conclude(
  access: EcsAccess,
  receipt: DeployReceipt,
  snapshot: Snapshot,
  context: DeployContext,
): Promise<DeployOutcome> {
  const { record } = snapshot;
  if (record.status === 'SUCCESSFUL') {
    const service = await settled(access, snapshot, context);
    if ((service.desiredCount ?? 0) === 0) {
      return failed('stopped', `${zeroTasks(access, service)}: nothing runs`);
    }
    const runs = definitionArnOf(service);
    if (runs === record.taskDefinition) return recordSuccess(access, receipt, context);
    const running = await versionOf(access.calls, runs, access.spec.container);
    return failed('superseded', `it ended, but ${running.name} has taken its place since`, running);
  }
  if (/^ROLLBACK/.test(record.status)) {
    const end = receipt.previous ? endOf(record) : NOTHING_BEFORE;
    return failed('rolledBackByAws', `${whyOf(record)}; ${end}`, await restored(access, record));
  }
  const latest = await newest(access.calls);
  if (latest && latest.arn !== record.arn) {
    return failed(
      'superseded',
      `deployment ${lastPart(latest.arn)} took the place of ${lastPart(record.arn)}`,
    );
  }
  return failed('stopped', record.statusReason ?? `somebody stopped deployment ${lastPart(record.arn)}`);
}

export const zeroTasks = ({ spec }: EcsAccess, service: Service): string =>
  isAsleep(spec, service)
    ? `the service fell asleep before its deployment was over: it is ${sleepingHours(spec)}`
    : 'the service has zero tasks, as somebody has set it';

/**
 * The service once it shows the deployment that succeeded. ECS may still answer with what was true some
 * seconds ago, and one such answer must not undo a good deployment.
 */
async function settled(access: EcsAccess, snapshot: Snapshot, context: DeployContext): Promise<Service> {
  const shows = ({ record, service }: Snapshot) =>
    (service.desiredCount ?? 0) > 0 && service.taskDefinition === record.taskDefinition;
  if (shows(snapshot)) return snapshot.service;
  context.emit({
    code: 'deployment.settling',
    level: 'progress',
    message: 'the deployment has succeeded, but the service does not show it yet; asking again',
    data: { deployment: snapshot.record.arn },
  });
  let last = snapshot;
  const deadline = context.clock.now() + SETTLE_MS;
  for await (const next of watch(access, snapshot.record.arn, deadline, context)) {
    last = next;
    if (shows(next)) break;
  }
  return last.service;
}

/** Writes what runs for the stack to read, also when an earlier run ended before it could. */
export async function recordSuccess(
  access: EcsAccess,
  { version }: DeployReceipt,
  context: DeployContext,
): Promise<DeployOutcome> {
  const { calls, spec } = access;
  const definition = await calls.existingTaskDefinition(version.name);
  const image = imageOf(definition, spec.container);
  await recordRelease(access, definition.taskDefinitionArn ?? '', image, context);
  context.emit({
    code: 'deployment.succeeded',
    level: 'success',
    message: `${version.name} runs`,
    data: { version: version.name },
  });
  return { result: 'succeeded', version: { name: version.name, ...(image === undefined ? {} : { image }) } };
}

export function failed(reason: Failure['reason'], message: string, running?: Failure['running']): Failure {
  return { result: 'failed', reason, message, ...(running === undefined ? {} : { running }) };
}

/** Everything that ECS says about why a deployment did not reach its end. */
export function whyOf({
  rollback,
  statusReason,
  breaker,
  triggeredAlarms,
  failedHooks,
}: DeploymentRecord): string {
  const parts = [
    (rollback?.reason ?? statusReason ?? 'ECS gives no reason').replace(/\.$/, ''),
    ...(breaker && breaker.failed > 0
      ? [`the circuit breaker counted ${breaker.failed} failed tasks, its threshold is ${breaker.threshold}`]
      : []),
    ...failedHooks.map(sayHook),
    ...(triggeredAlarms.length > 0 ? [`alarms: ${triggeredAlarms.join(', ')}`] : []),
  ];
  return parts.join('; ');
}

/** Such as `the hook app-verify failed`. */
export function sayHook({ target, status }: FailedHook): string {
  const name = target === '' ? 'a hook' : `the hook ${functionNameOf(target)}`;
  return status === 'FAILED' ? `${name} failed` : `${name} did not answer in time`;
}

/** @see https://docs.aws.amazon.com/lambda/latest/api/API_FunctionConfiguration.html (FunctionArn) */
const functionNameOf = (arn: string): string => arn.split(':')[6] ?? arn;

export function endOf(record: DeploymentRecord | undefined): string {
  if (record?.status === 'ROLLBACK_SUCCESSFUL') return 'ECS has restored the earlier version';
  if (record?.status === 'ROLLBACK_FAILED') return 'going back failed too';
  return 'going back has not ended yet';
}

export async function restored(
  access: EcsAccess,
  record: DeploymentRecord | undefined,
): Promise<Failure['running']> {
  const arn = record?.status === 'ROLLBACK_SUCCESSFUL' ? record.rollback?.taskDefinition : undefined;
  return arn === undefined ? undefined : versionOf(access.calls, arn, access.spec.container);
}
