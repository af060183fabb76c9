import type { SeenCall } from '../../rehearsal/aws/seen-call';
import type { Conclusion, JobResult, StepResult } from '../../rehearsal/github/run-result';
import type { ScenarioReport } from '../../rehearsal/scenarios/scenario';

/** When the scenarios of this file begin. */
export const NOON = Date.UTC(2026, 10, 20, 12, 0, 0);

export const ROLE = 'arn:aws:iam::111111111111:role/ml-platform-kvs-infer-staging-deploy';
export const SERVICE = 'arn:aws:ecs:us-east-1:111111111111:service/staging/kvs-infer';

export const at = (seconds: number): number => NOON + seconds * 1_000;

/** A step by its name, result, and seconds since the beginning. */
export function step(
  name: string,
  outcome: Conclusion,
  [from, to]: readonly [number, number],
  more: Partial<StepResult> = {},
): StepResult {
  return {
    name,
    line: 7,
    outcome,
    conclusion: outcome,
    startedAt: at(from),
    endedAt: at(to),
    outputs: {},
    annotations: [],
    log: [],
    ...more,
  };
}

export function job(
  id: string,
  result: Conclusion,
  [from, to]: readonly [number, number],
  more: Partial<JobResult> = {},
): JobResult {
  return {
    id,
    name: `Job ${id}`,
    result,
    startedAt: at(from),
    endedAt: at(to),
    steps: [],
    outputs: {},
    summary: '',
    ...more,
  };
}

export function call(action: string, seconds: number, more: Partial<SeenCall> = {}): SeenCall {
  return {
    at: at(seconds),
    action,
    resource: SERVICE,
    context: {},
    role: ROLE,
    allowed: true,
    because: ['allowed by policy "Calls", Statement[0]'],
    ...more,
  };
}

/** The call that opens a session: nobody signs it. */
const UNSIGNED: SeenCall = {
  at: at(251),
  action: 'sts:AssumeRoleWithWebIdentity',
  resource: ROLE,
  context: {},
  allowed: true,
  because: ['allowed by the trust policy'],
};

/** A deployment that failed and was rolled back, as it was expected to. */
export function rolledBack(more: Partial<ScenarioReport> = {}): ScenarioReport {
  return {
    workflow: '.github/workflows/kvs-infer-deploy.yml',
    name: 'ecs:task-exits',
    title: 'The tasks of the new version exit at once.',
    faults: ['ecs:task-exits'],
    passed: true,
    surprises: [],
    conclusion: 'failure',
    jobs: [
      job('build', 'success', [0, 250], {
        steps: [step('Check out', 'success', [0, 2]), step('Build', 'success', [2, 250])],
      }),
      job('deploy-staging', 'failure', [250, 700], {
        environment: 'staging',
        summary:
          '## ❌ The deployment failed\n\n| | |\n| --- | --- |\n| version | <code>kvs\\_infer:2</code> |\n',
        steps: [
          step('Sign in to AWS', 'success', [250, 260]),
          step('Deploy and wait for the end', 'failure', [260, 700], {
            line: 282,
            annotations: [
              { level: 'error', title: 'DeploymentFailed', message: 'essential container exited' },
            ],
            log: ['12:04:20 waiting', '12:11:40 essential container exited'],
          }),
          step('Tell the team', 'skipped', [700, 700]),
        ],
      }),
      job('rollback-staging', 'success', [700, 900], {
        environment: 'staging',
        steps: [step('Roll back', 'success', [700, 900])],
      }),
      job('deploy-production', 'skipped', [900, 900]),
    ],
    calls: [
      UNSIGNED,
      call('ecs:UpdateService', 262),
      call('ecs:DescribeServices', 300),
      call('ecs:DescribeServices', 330),
      call('ecs:StopServiceDeployment', 650, { allowed: false, because: ['denied by the fault iam:denied'] }),
      call('ecs:UpdateService', 710),
    ],
    finalState: { 'staging: revision that runs': 'kvs-infer:1', 'staging: released image': 'sha256:1111' },
    leftovers: [],
    startedAt: NOON,
    endedAt: at(900),
    ...more,
  };
}

/** The same, but the way back did not run. */
export function stranded(more: Partial<ScenarioReport> = {}): ScenarioReport {
  const { jobs, ...report } = rolledBack();
  return {
    ...report,
    name: 'ecs:no-way-back',
    passed: false,
    jobs: jobs.map((each) =>
      each.id === 'rollback-staging' ? job('rollback-staging', 'skipped', [700, 700]) : each,
    ),
    surprises: [
      { place: 'job rollback-staging', value: 'skipped', allowed: 'success' },
      { place: 'state staging: revision that runs', value: 'kvs-infer:2', allowed: 'kvs-infer:1' },
    ],
    leftovers: ['staging: deployment ecs-svc/2 has not ended'],
    ...more,
  };
}
