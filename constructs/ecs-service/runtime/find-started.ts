import type { DeployContext } from '../../../contract';
import { LockstepError } from '../../../contract';
import { lastPart, throwIfInterrupted } from '../../aws-client';
import type { EcsAccess } from './access';
import { DESCRIBED_AT_ONCE } from './service-calls';
import { describe } from './service-deployments';

const POLL_MS = 2_000;
const GIVE_UP_MS = 60_000;

/**
 * Finds the deployment that an UpdateService call has started. ECS lists it some seconds later.
 *
 * @param before deployments that were listed before the call, and so cannot be the one
 * @returns ARN of the service deployment
 * @throws LockstepError `DeploymentNotListed` when none appears within a minute
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
      .slice(0, DESCRIBED_AT_ONCE);
    const records = candidates.length > 0 ? await describe(calls, candidates) : [];
    const mine = records.find((record) => record.taskDefinition === taskDefinition);
    if (mine) return mine.arn;
    if (context.clock.now() >= deadline) break;
    await context.clock.sleep(POLL_MS, context.signal);
    throwIfInterrupted(context);
  }
  throw new LockstepError('DeploymentNotListed', {
    place: 'ecs:ListServiceDeployments',
    value: `no deployment of ${lastPart(taskDefinition)} within a minute of the update`,
    allowed: 'a service deployment for each update of the task definition',
    change: 'run the same command again; it takes up the deployment once ECS lists it',
  });
}
