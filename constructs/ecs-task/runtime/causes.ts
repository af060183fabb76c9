import type { StoppedTask } from './stopped-task';

/** Why a task stopped, and what to do about it. */
export interface Cause {
  readonly cause: string;
  readonly remedy: string;
}

interface Rule {
  readonly matches: (task: StoppedTask, text: string) => boolean;
  readonly explain: (task: StoppedTask) => Cause;
}

const exitCodeOf = (task: StoppedTask): number | undefined =>
  task.containers.find(({ exitCode }) => exitCode !== undefined && exitCode !== 0)?.exitCode;

/**
 * From the most telling sign to the least. The first rule that matches explains the task.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
const RULES: readonly Rule[] = [
  {
    // The container ends with whatever code its signal gives it.
    matches: ({ stopCode }) => stopCode === 'SpotInterruption' || stopCode === 'TerminationNotice',
    explain: () => ({
      cause: 'AWS took the Spot Instance under the task away',
      remedy:
        'nothing where the task is one of a service: another starts elsewhere; more on-demand instances or types make it rarer',
    }),
  },
  {
    matches: (_, text) => /CannotPull/i.test(text) && /not found|does not exist|no such/i.test(text),
    explain: () => ({
      cause: 'the image does not exist in the registry',
      remedy: 'run the build for this commit again; check that no lifecycle rule has deleted the image',
    }),
  },
  {
    matches: (_, text) => /CannotPull/i.test(text),
    explain: () => ({
      cause: 'the image could not be pulled',
      remedy: 'check the execution role’s ECR permissions and the way from the subnets to ECR and S3',
    }),
  },
  {
    matches: (_, text) => /ResourceInitializationError/i.test(text),
    explain: () => ({
      cause: 'ECS could not prepare the task: a secret, a log group or a network interface is missing',
      remedy: 'read the reason below; check secrets, log group and VPC endpoints of the execution role',
    }),
  },
  {
    matches: (task, text) => /OutOfMemory/i.test(text) || (exitCodeOf(task) === 137 && !/health/i.test(text)),
    explain: () => ({
      cause: 'a container was killed (exit code 137), most often because it used more memory than it may',
      remedy: 'raise the memory of the container in the platform file, or let the program use less of it',
    }),
  },
  {
    matches: (_, text) => /ELB health checks|load balancer/i.test(text),
    explain: () => ({
      cause: 'the load balancer found the task unhealthy',
      remedy: 'check path, port and the time that the program needs to start against the health check',
    }),
  },
  {
    matches: (_, text) => /health check/i.test(text),
    explain: () => ({
      cause: 'the container health check failed',
      remedy: 'run the health command inside the container; raise its start period if it only starts slowly',
    }),
  },
  {
    matches: (task) => exitCodeOf(task) === 139,
    explain: () => ({
      cause: 'a container crashed (exit code 139, segmentation fault)',
      remedy: 'check native libraries: CUDA, driver and platform of the image against the instance',
    }),
  },
  {
    matches: (task) => exitCodeOf(task) !== undefined,
    explain: (task) => ({
      cause: `a container ended with exit code ${exitCodeOf(task) ?? ''}`,
      remedy: 'read its last lines below; run the same image on your machine',
    }),
  },
  {
    matches: (task) => task.stopCode === 'EssentialContainerExited',
    explain: () => ({
      cause: 'an essential container ended by itself (exit code 0)',
      remedy: 'let the program run until it is told to stop: a service must not end',
    }),
  },
  {
    matches: (_, text) => /instance.*terminated|host ec2/i.test(text),
    explain: () => ({
      cause: 'the instance under the task went away',
      remedy: 'nothing, if it happens once: ECS places the task again',
    }),
  },
];

/** Finds the cause of one stopped task; what no rule knows is passed on in AWS's own words. */
export function causeOf(task: StoppedTask): Cause {
  const text = [task.stopCode, task.reason, ...task.containers.map(({ reason }) => reason ?? '')].join(' ');
  const rule = RULES.find(({ matches }) => matches(task, text));
  if (rule) return rule.explain(task);
  return {
    cause: task.reason === '' ? 'the task stopped and ECS gives no reason' : task.reason,
    remedy: 'look the reason up in the list of ECS stopped-task errors',
  };
}
