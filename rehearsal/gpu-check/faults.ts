import type { Fault } from '../faults/fault';
import type { Conclusion } from '../github/run-result';
import type { Expectation } from '../scenarios/scenario';
import type { GpuCheckEffect } from './effects';

/** What comes of the combination that a fault hits. */
export interface CheckOutcome {
  readonly check: Conclusion;
  /** What the report says of it, without the instance type. @default - as without a fault */
  readonly report?: { readonly status: 'failed'; readonly cause: string } | 'noResult';
  /** Texts that the log of its job must contain. */
  readonly says?: readonly string[];
  /** What may be left behind, and why it may. @default - nothing */
  readonly leftovers?: Expectation['leftovers'];
  /** Facts that differ from those of a check at rest. */
  readonly facts?: Expectation['state'];
}

/** A fault that hits one combination: the others, and the report, must not suffer from it. */
export interface CheckFault extends Fault<GpuCheckEffect> {
  readonly outcome: CheckOutcome;
}

const SUCCEEDS: CheckOutcome = { check: 'success' };

const failed = (cause: string, ...says: readonly string[]): CheckOutcome => ({
  check: 'failure',
  report: { status: 'failed', cause },
  says,
});

/** ECS-optimized, without what GPUs need. */
const IMAGE_WITHOUT_DRIVER = 'ami-0ec5a0b1c2d3e4f51';

/** Calls of the combination go wrong. */
const disturbed = (
  action: string,
  disturbance: 'throttle' | 'denied' | 'reset',
  times?: number,
): Fault<GpuCheckEffect>['effects'][number] => ({
  when: 'atStart',
  effect: { kind: 'disturb', action, disturbance, by: 'check', ...(times !== undefined && { times }) },
});

const now = (effect: GpuCheckEffect): Fault<GpuCheckEffect>['effects'] => [{ when: 'atStart', effect }];

const WRONG = "a product of two matrices of 4096 rows differs from the CPU's";

/** What goes wrong with a combination of a GPU check. */
export const GPU_CHECK_FAULTS: readonly CheckFault[] = [
  {
    name: 'gpu:no-driver',
    title: 'the instance has no driver, and the program finds out',
    effects: now({ kind: 'machineImage', imageId: IMAGE_WITHOUT_DRIVER }),
    outcome: failed('noDriver', 'no NVIDIA driver'),
  },
  {
    name: 'gpu:wrong-result',
    title: 'the GPU computes wrongly, and the program finds out',
    effects: now({
      kind: 'checkTasks',
      behaviour: {
        kind: 'exits',
        code: 4,
        after: 40,
        lines: [`GPU_CHECK ${JSON.stringify({ error: 'wrongResult', message: WRONG })}`],
      },
    }),
    outcome: failed('wrongResult', WRONG),
  },
  {
    name: 'gpu:no-capacity',
    title: 'EC2 has no instance of the type until the deadline',
    effects: now({ kind: 'noInstances' }),
    outcome: failed('noCapacity', 'no instance took the task'),
  },
  {
    name: 'gpu:instance-lost',
    title: 'the instance goes away while the program runs',
    effects: [{ when: { secondsIntoTask: 30 }, effect: { kind: 'instanceLost' } }],
    outcome: failed('taskStopped', 'went away'),
  },
  {
    name: 'gpu:out-of-memory',
    title: 'the program is killed for want of memory',
    effects: now({ kind: 'checkTasks', behaviour: { kind: 'outOfMemory', after: 10 } }),
    outcome: failed('taskStopped', 'OutOfMemory'),
  },
  {
    name: 'gpu:image-missing',
    title: 'the image is deleted from the registry before the task pulls it',
    effects: [{ when: { secondsIntoTask: 0 }, effect: { kind: 'checkImageDeleted' } }],
    outcome: failed('taskStopped', 'CannotPullContainerError'),
  },
  {
    name: 'gpu:logs-late',
    title: 'the figures reach the log group twenty seconds after the program has ended',
    effects: now({ kind: 'logsWithin', seconds: 20 }),
    outcome: SUCCEEDS,
  },
  {
    name: 'gpu:logs-missing',
    title: 'the figures never reach the log group',
    effects: now({ kind: 'logsWithin', seconds: Infinity }),
    outcome: failed('noFigures', 'cannot be found'),
  },
  {
    name: 'gpu:run-throttled',
    title: 'ECS throttles the first calls that run the task',
    effects: [disturbed('ecs:RunTask', 'throttle', 2)],
    outcome: SUCCEEDS,
  },
  {
    name: 'gpu:run-reset',
    title: 'the connection breaks right after ECS took the task: asked again, it runs no other one',
    effects: [disturbed('ecs:RunTask', 'reset', 1)],
    outcome: { ...SUCCEEDS, facts: { 'most tasks of one revision': '1' } },
  },
  {
    name: 'gpu:run-denied',
    title: 'the role may not run the task',
    effects: [disturbed('ecs:RunTask', 'denied')],
    outcome: failed('notRun', 'ecs:RunTask'),
  },
  {
    name: 'gpu:deregister-reset',
    title: 'the connection breaks right after ECS took the revision away',
    effects: [disturbed('ecs:DeregisterTaskDefinition', 'reset', 1)],
    outcome: SUCCEEDS,
  },
  {
    name: 'gpu:session-expires',
    title: 'the session ends while the program runs: nothing can be cleaned up, and the result says how to',
    effects: [
      {
        when: { secondsIntoTask: 30 },
        effect: { kind: 'disturb', action: '*', disturbance: 'expired', by: 'check' },
      },
    ],
    outcome: {
      ...failed('notRun', 'aws ecs deregister-task-definition'),
      leftovers: [{ contains: 'is active', because: 'the session that could deregister it has ended' }],
      facts: { 'active revisions': '2' },
    },
  },
  {
    name: 'gpu:sign-in-denied',
    title: 'the role does not let the job in',
    effects: [disturbed('sts:AssumeRoleWithWebIdentity', 'denied')],
    outcome: {
      check: 'failure',
      report: 'noResult',
      says: ['Not authorized to perform sts:AssumeRoleWithWebIdentity'],
    },
  },
  {
    name: 'gpu:build-fails',
    title: 'the image of one combination cannot be built: the others run, and the report says so',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'breakAction',
          action: 'docker/build-push-action',
          message:
            'buildx failed with: ERROR: failed to solve: process "/bin/sh -c pip install" did not complete',
        },
      },
    ],
    outcome: { check: 'failure', report: 'noResult', says: ['failed to solve'] },
  },
  {
    name: 'gpu:run-cancelled',
    title:
      'somebody cancels the run while the program runs: the task is stopped, and its revision taken away',
    effects: [{ when: { secondsIntoTask: 30 }, effect: { kind: 'cancelRun' } }],
    outcome: { check: 'cancelled', report: { status: 'failed', cause: 'interrupted' } },
  },
];
