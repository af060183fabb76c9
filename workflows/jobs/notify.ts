import type { CommandOption, CommandStep, PlannedJob, Step } from '../plan/model';
import type { ResolvedWorkload, Stage } from '../plan/lookup';
import type { Notices } from '../plan/notices';
import { checkoutCommand } from '../steps/checkout';
import { commandStep } from '../steps/command';
import { assume, signIn } from '../steps/sign-in';
import { deployJobId } from './deploy';
import { groups } from './groups';
import { READ_CONTENTS, readRuns, SIGN_IN } from './permissions';
import { rollbackJobId } from './rollback';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 10;

/**
 * Tells people about a deployment of the same run that failed, and about one that is well again. It signs in only to
 * write mail.
 *
 * @throws LockstepError `SessionTooShort`
 */
export function notifyJobs(resolved: ResolvedWorkload, stage: Stage): readonly PlannedJob[] {
  const { notices, environment } = stage;
  if (!notices) return [];
  const deploy = deployJobId(environment.name);
  const rollback = rollbackJobId(environment.name);
  return [
    {
      ...jobOf(resolved, stage, notices, [
        { flag: '--deployment', variable: 'DEPLOYMENT', result: deploy },
        { flag: '--rollback', variable: 'ROLLBACK', result: rollback },
      ]),
      needs: [deploy, rollback],
      condition: `always() && ${ended(deploy)}`,
      reason: [WHY_ALWAYS],
    },
  ];
}

/**
 * Tells people about a way back that somebody has chosen. Where it only lists revisions there is nothing to tell.
 *
 * @throws LockstepError `SessionTooShort`
 */
export function notifyByHandJobs(resolved: ResolvedWorkload, stage: Stage): readonly PlannedJob[] {
  const { notices, environment } = stage;
  if (!notices) return [];
  const rollback = rollbackJobId(environment.name);
  const given = resolved.workload.rollbackByCommit
    ? "(inputs.revision != '' || inputs.commit != '')"
    : "inputs.revision != ''";
  return [
    {
      ...jobOf(resolved, stage, notices, [{ flag: '--rollback', variable: 'ROLLBACK', result: rollback }]),
      needs: [rollback],
      condition: `always() && ${ended(rollback)} && ${given}`,
      reason: [WHY_ALWAYS, 'A list of revisions is no news.'],
    },
  ];
}

const WHY_ALWAYS =
  'Without `always()` GitHub would skip it after a failure, and when what follows in the run is cancelled.';

/**
 * True when the job succeeded or failed. One that was cancelled is not told: GitHub also cancels jobs that wait when a newer
 * run comes, and whoever cancels knows of it. One that ran into its time limit ends as cancelled too.
 */
const ended = (job: string): string =>
  `(needs.${job}.result == 'success' || needs.${job}.result == 'failure')`;

/** The result of a job, by the variable that hands it to the command. */
interface Told {
  readonly flag: string;
  readonly variable: string;
  /** Id of the job. */
  readonly result: string;
}

type Job = Omit<PlannedJob, 'needs' | 'condition' | 'reason'>;

function jobOf(
  { workload }: ResolvedWorkload,
  { environment, target }: Stage,
  notices: Notices,
  told: readonly Told[],
): Job {
  const id = `notify-${environment.name}`;
  const name = `Tell about ${workload.id} in ${environment.name}`;
  const { permissions, steps, ...session } = access(notices, target.region, `${workload.id}-${id}`, name);
  return {
    id,
    name,
    environment: notices.environment,
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS, readRuns('asks how the deployment before this one ended'), ...permissions],
    ...session,
    concurrency: groups.perRun(workload.id, id),
    outputs: {},
    steps: [
      checkoutCommand(),
      ...steps,
      tell(
        notices,
        told,
        [
          { flag: '--environment', value: environment.name },
          ...told.map(({ flag, variable }) => ({ flag, variable })),
        ],
        workload.id,
      ),
    ],
  };
}

/** How the job reaches subscribers of mail; other channels need no session. */
function access(
  { postbox }: Notices,
  region: string,
  purpose: string,
  name: string,
): Pick<PlannedJob, 'permissions' | 'role'> & { readonly steps: readonly Step[] } {
  if (!postbox) return { permissions: [], steps: [] };
  const role = assume(postbox.role, TIMEOUT_MINUTES, `job "${name}"`);
  return { permissions: [SIGN_IN], role, steps: [signIn(postbox.role, role, region, purpose)] };
}

function tell(
  { secrets, postbox }: Notices,
  told: readonly Told[],
  options: readonly CommandOption[],
  subject: string,
): CommandStep {
  return commandStep({
    name: 'Tell the people who must know',
    ...(postbox && {
      condition: '!cancelled()',
      reason: 'Slack and PagerDuty need no session: an account that lets nobody in keeps only the mail back.',
    }),
    env: {
      ...Object.fromEntries(told.map(({ variable, result }) => [variable, `\${{ needs.${result}.result }}`])),
      GITHUB_TOKEN: '${{ github.token }}',
      ...Object.fromEntries(secrets.map(({ name }) => [name, `\${{ secrets.${name} }}`])),
    },
    command: { verb: 'notify', subject, options },
    calls: postbox?.calls ?? [],
  });
}
