import { deployJobMinutes, deployJobName } from '../../contract';
import type { PlannedJob } from '../plan/model';
import type { ResolvedWorkload, Stage } from '../plan/lookup';
import { checkoutCommand } from '../steps/checkout';
import { commandStep, STOPPABLE } from '../steps/command';
import { targetCalls } from '../steps/command-calls';
import { assume, signIn } from '../steps/sign-in';
import { groups } from './groups';
import { READ_CONTENTS, SIGN_IN } from './permissions';
import { type Release, releaseEnv, releaseOptions } from './release';

export const deployJobId = (environment: string): string => `deploy-${environment}`;

/** When a deployment runs. */
export interface Turn {
  /** Job ids. */
  readonly needs: readonly string[];
  /** Expression without `${{ }}`. @default - always after the jobs that it needs */
  readonly condition?: { readonly expression: string; readonly reason: string };
}

/**
 * Deploys a release to one environment and follows the deployment to its end.
 *
 * @throws LockstepError `SessionTooShort`
 */
export function deployJob(
  { workload }: ResolvedWorkload,
  { environment, target, entrance }: Stage,
  release: Release,
  { needs, condition }: Turn,
): PlannedJob {
  const { role } = entrance;
  const timeoutMinutes = deployJobMinutes(target);
  const session = assume(role, timeoutMinutes, `deploy job of ${workload.id} to ${environment.name}`);
  return {
    id: deployJobId(environment.name),
    name: deployJobName(workload.id, environment.name),
    needs,
    ...(condition && { condition: condition.expression, reason: [condition.reason] }),
    environment: entrance.environment,
    runsOn: target.runnerLabels,
    timeoutMinutes,
    permissions: [READ_CONTENTS, SIGN_IN],
    role: session,
    concurrency: groups.deployment(workload.id, environment.name),
    // They name what was started, so that the rollback job undoes that and nothing else.
    outputs: {
      version: '${{ steps.deploy.outputs.version }}',
      deployment: '${{ steps.deploy.outputs.deployment }}',
    },
    steps: [
      checkoutCommand(target.files.deploy),
      signIn(role, session, target.region, `${workload.id}-${environment.name}`),
      commandStep({
        name: 'Deploy and wait for the end',
        id: 'deploy',
        reason: STOPPABLE,
        env: releaseEnv(release),
        command: {
          verb: 'deploy',
          subject: workload.id,
          options: [{ flag: '--environment', value: environment.name }, ...releaseOptions(release)],
        },
        calls: targetCalls('deploy', target),
      }),
    ],
  };
}
