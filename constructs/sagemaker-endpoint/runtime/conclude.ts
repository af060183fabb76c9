import type { DeployContext, DeployOutcome, DeployReceipt, Version } from '../../../contract';
import type { EndpointAccess } from './access';
import { type Endpoint, isServing, saysNoCapacity } from './endpoint';
import { versionOf } from './version';

export type Failure = Extract<DeployOutcome, { result: 'failed' }>;

/** The update has reached its end; whether the version does what it should is for its checks to say. */
export async function succeeded(
  { calls }: EndpointAccess,
  { name }: Version,
  context: DeployContext,
): Promise<DeployOutcome> {
  const version = await versionOf(calls, name);
  context.emit({
    code: 'deployment.succeeded',
    level: 'success',
    message: `${name} serves`,
    data: { version: name },
  });
  return { result: 'succeeded', version };
}

/** What an update means that has ended with another config than its own. */
export async function conclude(
  access: EndpointAccess,
  { version, previous }: DeployReceipt,
  endpoint: Endpoint | undefined,
): Promise<Failure> {
  if (!endpoint) return failed('stopped', 'the endpoint does not exist: somebody has deleted it');
  const why = endpoint.failureReason;
  const reason = why ?? 'SageMaker gives no reason';
  const noCapacity = why !== undefined && saysNoCapacity(why);
  if (endpoint.status === 'Failed') {
    return failed(
      noCapacity ? 'noCapacity' : 'stopped',
      `the endpoint has failed, nothing serves: ${reason}`,
    );
  }
  if (endpoint.status === 'UpdateRollbackFailed') {
    return failed('stopped', `the update failed and going back failed too, both versions serve: ${reason}`);
  }
  if (!isServing(endpoint)) return failed('stopped', `the endpoint is ${endpoint.status}: ${reason}`);
  const running = await versionOf(access.calls, endpoint.config);
  if (why === undefined && previous !== undefined && previous.name !== endpoint.config) {
    return failed('superseded', `${endpoint.config} has taken the place of ${version.name}`, running);
  }
  const message = `SageMaker went back to ${endpoint.config}, though it calls the endpoint InService: ${reason}`;
  return failed(noCapacity ? 'noCapacity' : 'rolledBackByAws', message, running);
}

export function failed(reason: Failure['reason'], message: string, running?: Version): Failure {
  return { result: 'failed', reason, message, ...(running === undefined ? {} : { running }) };
}
