import type { DeployContext } from '../../../contract';
import { LockstepError } from '../../../contract';
import type { EcsAccess } from './access';
import { describe } from './service-deployments';
import { versionName } from './version';

const POLL_MS = 2_000;
const GIVE_UP_MS = 60_000;

/**
 * Finds the deployment that an UpdateService call has started. ECS lists it some seconds later.
 *
 * @param before deployments that were listed before the call, and so cannot be the one
 * @returns ARN of the service deployment
 * @throws LockstepError `AwsCallFailed` when none appears within a minute
 */
export async function findStarted(
  { calls }: EcsAccess,
  taskDefinition: string,
  before: ReadonlySet<string>,
  context: DeployContext,
): Promise<string> {
  const deadline = context.clock.now() + GIVE_UP_MS;
  for (;;) {
    const listed = await calls.deployments();
    const candidates = listed
      .flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? [])
      .filter((arn) => !before.has(arn))
      .slice(0, 20);
    const records = candidates.length > 0 ? await describe(calls, candidates) : [];
    const mine = records.find((record) => record.taskDefinition === taskDefinition);
    if (mine) return mine.arn;
    if (context.clock.now() >= deadline) break;
    await context.clock.sleep(POLL_MS, context.signal);
    throwIfInterrupted(context);
  }
  throw new LockstepError('AwsCallFailed', {
    place: 'ecs:ListServiceDeployments',
    value: `no deployment of ${versionName(taskDefinition)} within a minute of the update`,
    allowed: 'a service deployment for each update of the task definition',
    change: 'run the same command again; it takes up the deployment once ECS lists it',
  });
}

/** @throws LockstepError `Interrupted` once the command was told to stop */
export function throwIfInterrupted({ signal }: DeployContext): void {
  if (!signal.aborted) return;
  throw new LockstepError('Interrupted', {
    place: 'this wait',
    value: 'a signal to stop',
    allowed: 'waiting until the deployment has ended',
    change: 'run the same command again: it takes up the deployment where it is',
  });
}
