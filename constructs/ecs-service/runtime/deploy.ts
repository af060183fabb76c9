import type { Service, TaskDefinition } from '@aws-sdk/client-ecs';
import type { DeployContext, DeployReceipt, DeployRequest, Version } from '../../../contract';
import { lastPart, soleImage, throwIfInterrupted } from '../../aws-client';
import { imageOf, registrable, withImage } from '../../ecs-task';
import type { EcsAccess } from './access';
import { declaredConfiguration, ECS_STRATEGY, shiftsTraffic, strategyOf } from './deployment-configuration';
import { findStarted } from './find-started';
import { repairRecord } from './record-release';
import { definitionArnOf } from './service-definition';
import { wakingCount } from './sleep';
import { type DeploymentRecord, isStable, isUnderWay, lastStable, newest } from './service-deployments';
import { differingFields, sameDefinition } from './task-definition';
import { versionOf } from './version';

/** Captures what runs, then starts the deployment, unless it runs or is under way already. */
export async function deploy(
  access: EcsAccess,
  request: DeployRequest,
  context: DeployContext,
): Promise<DeployReceipt> {
  const { calls, spec } = access;
  const image = soleImage(request).toString();
  const service = await calls.service();
  requireStrategy(access, service);
  const latest = await newest(calls);
  const { declared, released } = await repairRecord(access, service, latest, context);
  const running = await calls.existingTaskDefinition(definitionArnOf(service));
  const base = await baseDefinition(access, running, declared, context);
  const wanted = withImage(base, spec.container, image);

  if (runsAlready(service, latest, released) && sameDefinition(running, wanted, spec.container)) {
    const name = lastPart(definitionArnOf(service));
    context.emit({
      code: 'deployment.unchanged',
      level: 'success',
      message: `${name} already runs this image with the declared settings; nothing to change`,
      data: { version: name },
    });
    return { version: { name, image }, state: 'unchanged' };
  }
  const underWay = await definitionUnderWay(access, latest);
  if (latest && underWay && sameDefinition(underWay, wanted, spec.container)) {
    const receipt = await resume(access, latest, image, released, context);
    await request.starting?.(receipt.version);
    return receipt;
  }
  if (underWay && latest) {
    context.emit({
      code: 'deployment.supersedes',
      level: 'warning',
      message: `deployment ${lastPart(latest.arn)} is still under way and will be replaced by this one`,
      data: { deployment: latest.arn },
    });
  }

  const previous = await lastStable(calls, released, []);
  throwIfInterrupted(context);
  const arn = await calls.register(wanted);
  const version: Version = { name: lastPart(arn), image };
  context.emit({
    code: 'definition.registered',
    level: 'info',
    message: `registered ${lastPart(arn)} with ${image}`,
    data: { version: lastPart(arn), image },
  });
  await request.starting?.(version);
  throwIfInterrupted(context);
  const first = previous === undefined && (service.desiredCount ?? 0) === 0;
  const deploymentConfiguration = declaredConfiguration(spec);
  await calls.update({
    taskDefinition: arn,
    ...(deploymentConfiguration === undefined ? {} : { deploymentConfiguration }),
    // Later deployments keep the number that autoscaling or a person chose.
    ...(first ? { desiredCount: spec.desiredCount } : wakingCount(spec, service, context)),
  });
  const deployment = await findStarted(access, arn, new Set(), context);
  context.emit({
    code: 'deployment.started',
    level: 'info',
    message: `deployment ${lastPart(deployment)} started`,
    data: { deployment },
  });
  return {
    deployment,
    version,
    ...(previous === undefined ? {} : { previous: await versionOf(calls, previous, spec.container) }),
    state: 'started',
  };
}

/**
 * A service has target groups and rules for a shift of traffic only once its stack has given them to it.
 *
 * @throws LockstepError `NotDeployed`
 */
function requireStrategy({ calls, spec }: EcsAccess, service: Service): void {
  const { strategy } = spec.update;
  const isSetUp = strategyOf(service);
  if (!shiftsTraffic(ECS_STRATEGY[strategy]) || shiftsTraffic(isSetUp)) return;
  throw calls.notDeployed(
    `strategy ${strategy} of service ${spec.service}`,
    `a service that is set up for ${isSetUp}`,
  );
}

/** What runs, unless the stack has declared other settings since: then those count. */
async function baseDefinition(
  { calls, spec }: EcsAccess,
  running: TaskDefinition,
  declaredArn: string,
  context: DeployContext,
): Promise<TaskDefinition> {
  const declared = await calls.existingTaskDefinition(declaredArn);
  const fields = differingFields(running, declared, spec.container);
  if (fields.length === 0) return running;
  context.emit({
    code: 'definition.changed',
    level: 'info',
    message: `the stack declares other settings than those that run: ${fields.join(', ')}`,
    data: { fields, declared: lastPart(declaredArn) },
  });
  return declared;
}

function runsAlready(
  service: Service,
  latest: DeploymentRecord | undefined,
  released: string | undefined,
): boolean {
  if (!latest || !isStable(latest, released) || (service.desiredCount ?? 0) === 0) return false;
  return latest.taskDefinition === service.taskDefinition;
}

async function definitionUnderWay(
  { calls }: EcsAccess,
  latest: DeploymentRecord | undefined,
): Promise<TaskDefinition | undefined> {
  if (!latest?.taskDefinition || !isUnderWay(latest)) return undefined;
  return calls.taskDefinition(latest.taskDefinition);
}

async function resume(
  { calls, spec }: EcsAccess,
  latest: DeploymentRecord,
  image: string,
  released: string | undefined,
  context: DeployContext,
): Promise<DeployReceipt> {
  const previous = await lastStable(calls, released, [latest.taskDefinition]);
  context.emit({
    code: 'deployment.resumed',
    level: 'info',
    message: `deployment ${lastPart(latest.arn)} of the same image is under way; following it`,
    data: { deployment: latest.arn },
  });
  return {
    deployment: latest.arn,
    version: { name: lastPart(latest.taskDefinition ?? ''), image },
    ...(previous === undefined ? {} : { previous: await versionOf(calls, previous, spec.container) }),
    state: 'resumed',
  };
}

/** The receipt of the newest deployment, for a wait that has none. */
export async function currentReceipt({ calls, spec, release }: EcsAccess): Promise<DeployReceipt> {
  const service = await calls.service();
  const { released } = await release.read();
  const latest = await newest(calls);
  const arn = latest?.taskDefinition ?? definitionArnOf(service);
  const definition = await calls.existingTaskDefinition(arn);
  const image = imageOf(registrable(definition), spec.container);
  const previous = await lastStable(calls, released, [arn]);
  return {
    ...(latest === undefined ? {} : { deployment: latest.arn }),
    version: { name: lastPart(arn), ...(image === undefined ? {} : { image }) },
    ...(previous === undefined ? {} : { previous: await versionOf(calls, previous, spec.container) }),
    state: 'resumed',
  };
}
