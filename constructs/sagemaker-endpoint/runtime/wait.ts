import type { DeployContext, DeployOutcome, DeployReceipt } from '../../../contract';
import type { EndpointAccess } from './access';
import { conclude, failed, succeeded } from './conclude';
import { type Endpoint, headingOf, isMoving, isServing, isUnderWay } from './endpoint';
import { versionOf } from './version';
import { watch } from './watch';

const MINUTE_MS = 60_000;
/** How long SageMaker may go on answering with what was true before the update. */
const SETTLE_MS = 30_000;

/**
 * Follows this update to its end. InService is not enough: an endpoint that went back is InService too, so that
 * its config has to be compared.
 */
export async function waitFor(
  access: EndpointAccess,
  receipt: DeployReceipt,
  context: DeployContext,
): Promise<DeployOutcome> {
  const { version, deployment } = receipt;
  if (deployment === undefined) return succeeded(access, version, context);
  const begin = context.clock.now();
  const deadline = begin + access.spec.deployTimeoutMinutes * MINUTE_MS;
  let before: Endpoint | undefined;
  for await (const { endpoint } of watch(access, deadline, context)) {
    if (endpoint && isMoving(endpoint)) {
      if (isUnderWay(endpoint) && headingOf(endpoint) !== version.name && endpoint.pending !== undefined) {
        return superseded(access, endpoint);
      }
      tellOfGoingBack(endpoint, before, context);
      before = endpoint;
      continue;
    }
    if (endpoint && isServing(endpoint) && endpoint.config === version.name) {
      return succeeded(access, version, context);
    }
    if (before || context.clock.now() - begin >= SETTLE_MS) return conclude(access, receipt, endpoint);
  }
  return timedOut(access, receipt);
}

function tellOfGoingBack(endpoint: Endpoint, before: Endpoint | undefined, { emit }: DeployContext): void {
  if (endpoint.status !== 'RollingBack' || before?.status === 'RollingBack') return;
  emit({
    code: 'deployment.rollingBack',
    level: 'warning',
    message: `SageMaker goes back to ${endpoint.config}: ${endpoint.failureReason ?? 'it gives no reason yet'}`,
    data: { config: endpoint.config },
  });
}

async function superseded({ calls }: EndpointAccess, endpoint: Endpoint): Promise<DeployOutcome> {
  return failed(
    'superseded',
    `another update is under way, to ${headingOf(endpoint)}`,
    await versionOf(calls, endpoint.config),
  );
}

/** There is no call that stops an update: the rollback has to follow it to its end. */
function timedOut({ spec }: EndpointAccess, { version }: DeployReceipt): DeployOutcome {
  return failed(
    'timedOut',
    `the update to ${version.name} had not ended after ${spec.deployTimeoutMinutes} minutes; SageMaker offers no way to stop it and gives up itself after ${spec.update.maximumExecutionSeconds / 60}`,
  );
}
