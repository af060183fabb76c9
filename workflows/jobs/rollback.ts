import { ROLLBACK_STEP, rollbackJobMinutes, rollbackJobName, type WorkloadEntry } from '../../contract';
import type { CommandOption, CommandStep, PlannedJob, Step } from '../plan/model';
import type { Entrance, ResolvedWorkload, Stage } from '../plan/lookup';
import { checkoutCommand } from '../steps/checkout';
import { commandStep, STOPPABLE } from '../steps/command';
import { targetCalls } from '../steps/command-calls';
import { assume, signIn } from '../steps/sign-in';
import { deployJobId } from './deploy';
import { FIND_IMAGE, foundImage } from './find-image';
import { groups } from './groups';
import { READ_CONTENTS, SIGN_IN } from './permissions';

export const rollbackJobId = (environment: string): string => `rollback-${environment}`;

/**
 * Goes back to the last stable version when the deployment of the same run failed. It signs in anew, for
 * the session of the deployment may have ended, and it waits for no approval. A deployment that AWS has
 * rolled back itself is left as it is. The command verifies by itself: only it knows what should run now.
 *
 * @throws LockstepError `SessionTooShort`
 */
export function rollbackJob(resolved: ResolvedWorkload, stage: Stage): PlannedJob {
  const failed = deployJobId(stage.environment.name);
  return {
    ...jobOf(resolved, stage, stage.wayBack, [
      rollback(resolved, stage, {
        name: 'Roll back to the last stable version',
        env: {
          DEPLOYMENT: `\${{ needs.${failed}.outputs.deployment }}`,
          VERSION: `\${{ needs.${failed}.outputs.version }}`,
        },
        // Empty when the job failed before it started anything: then nothing is undone.
        options: [
          { flag: '--failed' },
          { flag: '--deployment', variable: 'DEPLOYMENT', optional: true },
          { flag: '--version', variable: 'VERSION', optional: true },
        ],
      }),
    ]),
    needs: [failed],
    reason: wayBackReason(stage),
    condition: `failure() && needs.${failed}.result == 'failure'`,
    concurrency: groups.rollback(resolved.workload.id, stage.environment.name),
  };
}

/**
 * Goes back by hand: to the revision that was given or, where the workload has it, to what runs the image of the commit;
 * else it lists those that were stable. It is a choice of a person, so the protection of the environment applies.
 *
 * @throws LockstepError `SessionTooShort`, `InvalidConfiguration`
 */
export function rollbackByHandJob(resolved: ResolvedWorkload, stage: Stage): PlannedJob {
  const name = stage.environment.name;
  const { workload } = resolved;
  return {
    ...jobOf(resolved, stage, stage.entrance, [
      listStable(resolved, stage),
      rollback(resolved, stage, {
        name: `${ROLLBACK_STEP} the revision`,
        condition: REVISION_GIVEN,
        env: { REVISION: '${{ inputs.revision }}' },
        options: [{ flag: '--revision', variable: 'REVISION' }],
      }),
      ...(workload.rollbackByCommit ? [rollbackToCommit(resolved, stage)] : []),
    ]),
    ...startOf(workload, name),
    concurrency: groups.rollbackByHand(workload.id, name),
  };
}

/** When the job of an environment runs. */
function startOf(
  { rollbackByCommit }: WorkloadEntry,
  environment: string,
): Pick<PlannedJob, 'needs' | 'reason' | 'condition'> {
  const why = 'One job for each environment: its role and its protection stand here, not in an input.';
  const chosen = `inputs.environment == '${environment}'`;
  if (!rollbackByCommit) return { needs: [], reason: [why], condition: chosen };
  return {
    needs: [FIND_IMAGE],
    reason: [
      why,
      `Without \`cancelled()\` GitHub would skip it whenever ${FIND_IMAGE} is skipped: when no commit was given.`,
    ],
    condition: `${chosen} && !cancelled() && (${NO_COMMIT} || needs.${FIND_IMAGE}.result == 'success')`,
  };
}

function rollbackToCommit(resolved: ResolvedWorkload, stage: Stage): CommandStep {
  return rollback(resolved, stage, {
    name: `${ROLLBACK_STEP} what runs the image of the commit`,
    condition: COMMIT_GIVEN,
    env: { IMAGE: foundImage(resolved) },
    options: [{ flag: '--image', variable: 'IMAGE' }],
  });
}

function wayBackReason({ entrance, wayBack }: Stage): readonly string[] {
  const when =
    'Only when this deployment failed. Without `failure()` GitHub would skip the job after any failure.';
  if (wayBack.environment === entrance.environment) return [when];
  return [
    when,
    `The environment is ${wayBack.environment}, not ${entrance.environment}: a way back waits for no approval.`,
  ];
}

const REVISION_GIVEN = "inputs.revision != ''";
const NO_REVISION = "inputs.revision == ''";
const COMMIT_GIVEN = "inputs.commit != ''";
const NO_COMMIT = "inputs.commit == ''";

type Job = Omit<PlannedJob, 'concurrency'>;

function jobOf(
  { workload }: ResolvedWorkload,
  stage: Stage,
  entrance: Entrance,
  steps: readonly Step[],
): Job {
  const { environment, target } = stage;
  const timeoutMinutes = rollbackJobMinutes(target.deployTimeoutMinutes);
  const name = rollbackJobName(workload.id, environment.name);
  const session = assume(entrance.role, timeoutMinutes, `job "${name}"`);
  const purpose = `${workload.id}-${environment.name}-rollback`;
  return {
    id: rollbackJobId(environment.name),
    name,
    needs: [],
    environment: entrance.environment,
    runsOn: target.runnerLabels,
    timeoutMinutes,
    permissions: [READ_CONTENTS, SIGN_IN],
    role: session,
    outputs: {},
    steps: [
      checkoutCommand(target.files.rollback),
      signIn(entrance.role, session, target.region, purpose),
      ...steps,
    ],
  };
}

function listStable(resolved: ResolvedWorkload, stage: Stage): CommandStep {
  return commandStep({
    name: 'List the stable revisions in the summary',
    condition: resolved.workload.rollbackByCommit ? `${NO_REVISION} && ${NO_COMMIT}` : NO_REVISION,
    command: command('rollback', resolved, stage, { flag: '--list' }),
    calls: targetCalls('rollback --list', stage.target),
  });
}

interface Rollback extends Pick<CommandStep, 'name' | 'condition' | 'env'> {
  readonly options: readonly CommandOption[];
}

function rollback(resolved: ResolvedWorkload, stage: Stage, { options, ...step }: Rollback): CommandStep {
  const recalls = options.some(({ flag }) => flag === '--image');
  return commandStep({
    ...step,
    reason: STOPPABLE,
    command: command('rollback', resolved, stage, ...options),
    calls: targetCalls(recalls ? 'rollback --image' : 'rollback', stage.target),
  });
}

function command(
  verb: string,
  { workload }: ResolvedWorkload,
  { environment }: Stage,
  ...options: readonly CommandOption[]
): CommandStep['command'] {
  return {
    verb,
    subject: workload.id,
    options: [{ flag: '--environment', value: environment.name }, ...options],
  };
}
