import type { Task } from '@aws-sdk/client-ecs';
import type { Check, Version } from '../../../contract';
import type { EcsAccess } from './access';
import { definitionArnOf } from './deploy';
import { imageOf } from './task-definition';
import { shortId, versionName } from './version';

/**
 * Compares what runs with what should run: counts, task definition, image digest and health.
 *
 * @param version what should run; without one, the task definition of the service
 */
export async function verify(
  { calls, tasks, spec }: EcsAccess,
  version: Version | undefined,
): Promise<readonly Check[]> {
  const service = await calls.service();
  const expected = version?.name ?? versionName(definitionArnOf(service));
  const definition = await calls.taskDefinition(expected);
  const running = (await tasks.tasks('RUNNING')).filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  const primaryName = versionName(primary?.taskDefinition ?? '');
  const { desiredCount = 0, runningCount = 0, pendingCount = 0 } = service;
  const image = imageOf(definition, spec.container);
  const digest = image?.split('@')[1];
  const hasHealthCheck = definition?.containerDefinitions?.some(({ healthCheck }) => healthCheck) ?? false;

  const wrongVersion = running.filter((task) => versionName(task.taskDefinitionArn ?? '') !== expected);
  const wrongImage = running.filter((task) => digestOf(task, spec.container) !== digest);
  const unhealthy = running.filter((task) => !isHealthy(task, hasHealthCheck));
  return [
    {
      name: 'running tasks',
      passed: desiredCount > 0 && runningCount === desiredCount && pendingCount === 0,
      detail: `${runningCount} of ${desiredCount} run, ${pendingCount} pending`,
    },
    {
      name: 'deployed version',
      passed: primaryName === expected,
      detail: `${primaryName || 'nothing'} is deployed, ${expected} should be`,
    },
    {
      name: 'version of each task',
      passed: running.length > 0 && wrongVersion.length === 0,
      detail: listOr(wrongVersion, `${running.length} tasks run ${expected}`, 'run another version'),
    },
    {
      name: 'image of each task',
      passed: running.length > 0 && digest !== undefined && wrongImage.length === 0,
      detail: listOr(
        wrongImage,
        `${running.length} tasks run ${digest ?? 'an image without digest'}`,
        'run other bytes',
      ),
    },
    {
      name: 'health of each task',
      passed: running.length > 0 && unhealthy.length === 0,
      detail: listOr(
        unhealthy,
        hasHealthCheck ? 'all healthy' : 'no health check is defined',
        'are not healthy',
      ),
    },
  ];
}

const digestOf = (task: Task, container: string): string | undefined =>
  task.containers?.find(({ name }) => name === container)?.imageDigest;

/** ECS says UNKNOWN for a task without health check, and until the first check has run. */
const isHealthy = ({ healthStatus }: Task, hasHealthCheck: boolean): boolean =>
  healthStatus === 'HEALTHY' || (healthStatus !== 'UNHEALTHY' && !hasHealthCheck);

function listOr(tasks: readonly Task[], good: string, fault: string): string {
  if (tasks.length === 0) return good;
  return `${tasks.map(({ taskArn }) => shortId(taskArn ?? '')).join(', ')} ${fault}`;
}
