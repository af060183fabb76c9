import type { DeployContext, RollbackOutcome, Version } from '../../../contract';
import { LockstepError } from '../../../contract';
import type { EcsAccess } from './access';
import { findStarted } from './find-started';
import { imageOf, registrable } from './task-definition';
import { versionName } from './version';
import { waitFor } from './wait';

/**
 * Deploys an earlier task definition and waits for it. A deregistered one cannot be deployed, so that a
 * copy of it is registered.
 *
 * @throws LockstepError `RollbackFailed` when that deployment fails too
 */
export async function goTo(
  access: EcsAccess,
  target: string,
  from: Version,
  context: DeployContext,
): Promise<RollbackOutcome> {
  const { calls, spec } = access;
  const definition = await calls.existingTaskDefinition(target);
  const arn = definition.status === 'INACTIVE' ? await calls.register(registrable(definition)) : target;
  if (arn !== target) {
    context.emit({
      code: 'definition.copied',
      level: 'info',
      message: `${versionName(target)} was deregistered; registered its copy ${versionName(arn)}`,
      data: { from: versionName(target), to: versionName(arn) },
    });
  }
  const before = new Set(
    (await calls.deployments()).flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []),
  );
  const { desiredCount = 0 } = await calls.service();
  await calls.update({
    taskDefinition: arn,
    // Without this, ECS starts nothing when the service already points at that task definition.
    forceNewDeployment: true,
    // Only a service that was scaled to nothing needs a number; otherwise autoscaling has chosen it.
    ...(desiredCount === 0 ? { desiredCount: spec.desiredCount } : {}),
  });
  const deployment = await findStarted(access, arn, before, context);
  const image = imageOf(definition, spec.container);
  const to: Version = { name: versionName(arn), ...(image === undefined ? {} : { image }) };
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
  throw new LockstepError('RollbackFailed', {
    place: `rollback of ${spec.service} to ${to.name}`,
    value: outcome.message,
    allowed: 'a deployment that succeeds',
    change: 'read the diagnosis, mend the cause, then roll back to a revision that works with `--revision`',
  });
}
