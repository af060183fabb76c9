import type { DeployContext, RollbackOutcome, Version } from '../../../contract';
import { LockstepError } from '../../../contract';
import { lastPart, throwIfInterrupted } from '../../aws-client';
import type { EcsAccess } from './access';
import { zeroTasks } from './conclude';
import { strategyOf, wayBackConfiguration } from './deployment-configuration';
import { findStarted } from './find-started';
import { leftToNewer } from './newer-deployment';
import { type DeploymentRecord, describe } from './service-deployments';
import { wakingCount } from './sleep';
import { versionOf } from './version';
import { waitFor } from './wait';

/**
 * Deploys an earlier task definition and waits for it. The number of tasks stays as somebody has set it, but a service
 * that sleeps is woken.
 *
 * @param known newest deployment when this was decided; a newer one is left alone
 * @throws LockstepError `RollbackFailed` when that deployment fails too
 */
export async function goTo(
  access: EcsAccess,
  target: string,
  from: Version,
  known: DeploymentRecord | undefined,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const { calls, spec } = access;
  const to = await versionOf(calls, target, spec.container);
  const before = new Set(
    (await calls.deployments()).flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []),
  );
  const service = await calls.service();
  const deploymentConfiguration = wayBackConfiguration(spec, strategyOf(service));
  const left = await leftToNewer(access, known);
  if (left) return left;
  throwIfInterrupted(context);
  await calls.update({
    taskDefinition: target,
    ...(deploymentConfiguration === undefined ? {} : { deploymentConfiguration }),
    // Without this, ECS starts nothing when the service already points at that task definition.
    forceNewDeployment: true,
    ...wakingCount(spec, service, context),
  });
  const deployment = await findStarted(access, target, before, context);
  context.emit({
    code: 'rollback.started',
    level: 'info',
    message: `going back from ${from.name} to ${to.name}`,
    data: { deployment, from: from.name, to: to.name },
  });
  const outcome = await waitFor(
    access,
    { deployment, version: to, previous: from, state: 'started' },
    context,
  );
  if (outcome.result === 'succeeded') {
    return { result: 'rolledBack', from, to, message: `${to.name} runs again` };
  }
  const [ended] = await describe(calls, [deployment]);
  if (outcome.reason === 'stopped' && ended?.status === 'SUCCESSFUL') {
    const message = `${zeroTasks(access, await calls.service())}; it names ${to.name} again and starts nothing`;
    return { result: 'rolledBack', from, message };
  }
  throw new LockstepError('RollbackFailed', {
    place: `rollback of ${spec.service} to ${lastPart(target)}`,
    value: outcome.message,
    allowed: 'a deployment that succeeds',
    change: 'read the diagnosis, mend the cause, then roll back to a revision that works with `--revision`',
  });
}
