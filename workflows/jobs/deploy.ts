import { deployJobMinutes } from '../../contract';
import type { PlannedJob } from '../plan/model';
import type { ResolvedWorkload, Stage } from '../plan/lookup';
import { checkoutCommand } from '../steps/checkout';
import { commandStep, STOPPABLE } from '../steps/command';
import { targetCalls } from '../steps/command-calls';
import { assume, signIn } from '../steps/sign-in';
import { builtImage } from './build';
import { groups } from './groups';
import { READ_CONTENTS, SIGN_IN } from './permissions';

export const deployJobId = (environment: string): string => `deploy-${environment}`;

/**
 * Deploys the digest of this run to one environment and follows the deployment to its end.
 *
 * @param later environments that come after this one
 * @throws LockstepError `SessionTooShort`
 */
export function deployJob(
  resolved: ResolvedWorkload,
  stage: Stage,
  needs: readonly string[],
  later: readonly Stage[],
): PlannedJob {
  const { workload } = resolved;
  const { environment, target, entrance } = stage;
  const { role } = entrance;
  const timeoutMinutes = deployJobMinutes(target.deployTimeoutMinutes);
  const session = assume(role, timeoutMinutes, `deploy job of ${workload.id} to ${environment.name}`);
  const first = resolved.stages[0] === stage;
  return {
    id: deployJobId(environment.name),
    name: `Deploy ${workload.id} to ${environment.name}`,
    needs,
    // The first environment is on the way to every choice.
    ...(!first && {
      condition: chosen([stage, ...later]),
      reason: ['A push goes through every environment; a run by hand ends at the one that was chosen.'],
    }),
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
      checkoutCommand(),
      signIn(role, session, target.region, `${workload.id}-${environment.name}`),
      commandStep({
        name: 'Deploy and wait for the end',
        id: 'deploy',
        reason: STOPPABLE,
        env: { IMAGE: builtImage(resolved) },
        command: {
          verb: 'deploy',
          workload: workload.id,
          options: [
            { flag: '--environment', value: environment.name },
            { flag: '--image', variable: 'IMAGE' },
          ],
        },
        calls: targetCalls('deploy', target),
      }),
    ],
  };
}

/** True on a push, and by hand when one of the environments was chosen. */
function chosen(stages: readonly Stage[]): string {
  const choices = stages.map(({ environment }) => `inputs.environment == '${environment.name}'`);
  return ["github.event_name == 'push'", ...choices].join(' || ');
}
