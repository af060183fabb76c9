import type { StageFault } from './fault';

/** The deployment succeeds all the same. */
const SUCCEEDS = {
  deploy: 'success',
  rollback: 'skipped',
  facts: { runs: 'new', 'released image': 'new' },
} as const;

/** The way back finds nothing to undo, and says so. */
const NOTHING_STARTED = {
  deploy: 'failure',
  rollback: 'success',
  facts: { runs: 'earlier', 'released image': 'earlier' },
  rollbackSays: ['nothingToDo'],
} as const;

/** Faults that can hit any environment, whatever kind of target it has. */
export const STAGE_FAULTS: readonly StageFault[] = [
  {
    name: 'aws:throttling',
    title: 'AWS throttles the first calls of the deployment',
    effects: [
      {
        when: 'atStart',
        effect: { kind: 'disturb', action: '*', disturbance: 'throttle', by: 'deploy', times: 3 },
      },
    ],
    outcome: SUCCEEDS,
  },
  {
    name: 'aws:server-error',
    title: 'AWS answers with 503 now and then',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'disturb',
          action: '*',
          disturbance: 'serverError',
          by: 'deploy',
          times: 2,
          after: 4,
        },
      },
    ],
    outcome: SUCCEEDS,
  },
  {
    name: 'aws:network-reset',
    title: 'the connection breaks after a call took effect, before its answer came',
    effects: [
      {
        when: 'atStart',
        effect: { kind: 'disturb', action: 'ssm:PutParameter', disturbance: 'reset', by: 'deploy', times: 1 },
      },
    ],
    outcome: SUCCEEDS,
  },
  {
    name: 'sts:trust-denied',
    title: 'the role does not let the job in',
    effects: [
      {
        when: 'atStart',
        effect: {
          kind: 'disturb',
          action: 'sts:AssumeRoleWithWebIdentity',
          disturbance: 'denied',
          by: 'deploy',
        },
      },
    ],
    outcome: {
      ...NOTHING_STARTED,
      deployLogs: ['Not authorized to perform sts:AssumeRoleWithWebIdentity'],
    },
  },
  {
    name: 'github:later-run',
    title: 'a later run of the same workflow comes while the deployment runs, and waits for it',
    effects: [{ when: { secondsIntoDeployment: 30 }, effect: { kind: 'laterRun' } }],
    outcome: SUCCEEDS,
  },
  {
    name: 'github:approval-refused',
    title: 'a reviewer refuses the deployment',
    effects: [{ when: 'atStart', effect: { kind: 'gate', gate: 'rejected' } }],
    outcome: { ...NOTHING_STARTED, deployLogs: ['rejected'], nobodyIsTold: true },
    needsReviewers: true,
  },
  {
    name: 'github:late-approval',
    title: 'a reviewer approves three hours later',
    effects: [{ when: 'atStart', effect: { kind: 'gate', gate: { opensAfterMinutes: 180 } } }],
    outcome: SUCCEEDS,
    needsReviewers: true,
  },
];

/** Somebody presses "Cancel workflow" in the middle of a deployment: no job undoes it, the next run takes it up. What it
 * leaves behind depends on the kind of target. */
export const CANCELLED: StageFault = {
  name: 'github:run-cancelled',
  title: 'somebody cancels the run in the middle of the deployment',
  effects: [{ when: { secondsIntoDeployment: 45 }, effect: { kind: 'cancelRun' } }],
  outcome: {
    deploy: 'cancelled',
    rollback: 'skipped',
    facts: { 'released image': 'earlier' },
    // The command heard it: else it would have said nothing any more.
    deploySays: ['Interrupted'],
  },
};

/** The way back is not let in. By itself nothing goes wrong: it comes with a fault that asks for a way back. */
export const WAY_BACK_DENIED: StageFault = {
  name: 'sts:way-back-denied',
  title: 'the role does not let the way back in',
  effects: [
    {
      when: 'atStart',
      effect: {
        kind: 'disturb',
        action: 'sts:AssumeRoleWithWebIdentity',
        disturbance: 'denied',
        by: 'rollback',
      },
    },
  ],
  outcome: SUCCEEDS,
};
