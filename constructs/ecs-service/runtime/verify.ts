import type { Task } from '@aws-sdk/client-ecs';
import type { Check, Version } from '../../../contract';
import { lastPart } from '../../aws-client';
import { imageOf } from '../../ecs-task';
import type { EcsAccess } from './access';
import type { ReleaseParameters } from './release';
import { definitionArnOf } from './service-definition';
import { isAsleep, sleepingHours } from './sleep';

/**
 * Compares what runs with what should run: counts, task definition, image digest and health; and the
 * record of it, from which the stack takes the version. Then lets the service be asked as its clients do.
 *
 * @param version what should run; without one, the task definition of the service
 */
export async function verify(
  { calls, tasks, spec, release, question }: EcsAccess,
  version: Version | undefined,
): Promise<readonly Check[]> {
  const service = await calls.service();
  const target = definitionArnOf(service);
  const expected = version?.name ?? lastPart(target);
  const definition = await calls.taskDefinition(expected);
  const targetDefinition = expected === lastPart(target) ? definition : await calls.taskDefinition(target);
  const running = (await tasks.tasks('RUNNING')).filter(({ lastStatus }) => lastStatus === 'RUNNING');
  const primary = service.deployments?.find(({ status }) => status === 'PRIMARY');
  const primaryName = lastPart(primary?.taskDefinition ?? '');
  const { desiredCount = 0, runningCount = 0, pendingCount = 0 } = service;
  const image = imageOf(definition, spec.container);
  const digest = image?.split('@')[1];
  const hasHealthCheck = definition?.containerDefinitions?.some(({ healthCheck }) => healthCheck) ?? false;

  const wrongVersion = running.filter((task) => lastPart(task.taskDefinitionArn ?? '') !== expected);
  const wrongImage = running.filter((task) => digestOf(task, spec.container) !== digest);
  const unhealthy = running.filter((task) => !isHealthy(task, hasHealthCheck));
  const detailOf = (faulty: readonly Task[], fault: string, good: string): string => {
    if (running.length === 0) return 'no task runs';
    return faulty.length === 0 ? good : `${namesOf(faulty)} ${fault}`;
  };
  return [
    {
      name: 'running tasks',
      passed: desiredCount > 0 && runningCount === desiredCount && pendingCount === 0,
      detail: `${runningCount} of ${desiredCount} run, ${pendingCount} pending${isAsleep(spec, service) ? `; the service sleeps: ${sleepingHours(spec)}` : ''}`,
    },
    {
      name: 'deployed version',
      passed: primaryName === expected,
      detail: `${primaryName || 'nothing'} is deployed, ${expected} should be`,
    },
    {
      name: 'version of each task',
      passed: running.length > 0 && wrongVersion.length === 0,
      detail: detailOf(wrongVersion, 'run another version', `${running.length} tasks run ${expected}`),
    },
    {
      name: 'image of each task',
      passed: running.length > 0 && digest !== undefined && wrongImage.length === 0,
      detail: detailOf(
        wrongImage,
        'run other bytes',
        `${running.length} tasks run ${digest ?? 'an image without digest'}`,
      ),
    },
    {
      name: 'health of each task',
      passed: running.length > 0 && unhealthy.length === 0,
      detail: detailOf(
        unhealthy,
        'are not healthy',
        hasHealthCheck ? 'all healthy' : 'no health check is defined',
      ),
    },
    recordCheck(await release.read(), target, imageOf(targetDefinition, spec.container), runningCount > 0),
    ...(question ? [await question.ask()] : []),
  ];
}

const digestOf = (task: Task, container: string): string | undefined =>
  task.containers?.find(({ name }) => name === container)?.imageDigest;

/** A record that is out of date would make the next `cdk deploy` put an older version back. */
function recordCheck(
  { released, image }: ReleaseParameters,
  target: string,
  targetImage: string | undefined,
  tasksRun: boolean,
): Check {
  const right = released === undefined ? !tasksRun : released === target && image === targetImage;
  const recorded = released === undefined ? 'nothing' : lastPart(released);
  const found = right || released !== target ? recorded : `${recorded} with another image`;
  return {
    name: 'release record',
    passed: right,
    detail: right
      ? `${found} is recorded`
      : `${found} is recorded, ${lastPart(target)} is deployed; run deploy or rollback again to record it`,
  };
}

/** ECS says UNKNOWN for a task without health check, and until the first check has run. */
const isHealthy = ({ healthStatus }: Task, hasHealthCheck: boolean): boolean =>
  healthStatus === 'HEALTHY' || (healthStatus !== 'UNHEALTHY' && !hasHealthCheck);

const namesOf = (tasks: readonly Task[]): string =>
  tasks.map(({ taskArn }) => lastPart(taskArn ?? '')).join(', ');
