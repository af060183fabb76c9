import type { Command, CommandOption, PlannedJob, Step } from '../plan/model';
import { inspectionOf, type ResolvedWorkload, type Stage } from '../plan/lookup';
import { checkoutCommand } from '../steps/checkout';
import { commandStep } from '../steps/command';
import { assume, signIn } from '../steps/sign-in';
import { usesStep } from '../steps/uses';
import { groups } from './groups';
import { INFRASTRUCTURE, ON_PUSH, TEMPLATES } from './infrastructure';
import { READ_CONTENTS, SIGN_IN } from './permissions';
import { RUNNER } from './runner';

const TIMEOUT_MINUTES = 10;
/** Beside the repository. */
const FOLDER = `\${{ runner.temp }}/${TEMPLATES}`;

/**
 * Signs in to the account of one environment, proves that it is the expected one, and shows how the templates of
 * this commit differ from what is deployed. It only reads, and runs nothing but the pipeline command.
 *
 * @throws LockstepError `SessionTooShort`, `DanglingReference`
 */
export function inspectJob({ workload }: ResolvedWorkload, stage: Stage): PlannedJob {
  const { environment, target } = stage;
  const { role, calls } = inspectionOf(stage);
  const name = `Inspect ${workload.id} in ${environment.name}`;
  const session = assume(role, TIMEOUT_MINUTES, `job "${name}"`);
  const command = (verb: string, ...options: readonly CommandOption[]): Command => ({
    verb,
    subject: workload.id,
    options: [{ flag: '--environment', value: environment.name }, ...options],
  });
  const purpose = `${workload.id}-${environment.name}-inspect`;
  return {
    id: `inspect-${environment.name}`,
    name,
    needs: [INFRASTRUCTURE],
    condition: ON_PUSH,
    reason: ['A pull request reaches no account; the role would refuse it too.'],
    runsOn: RUNNER,
    timeoutMinutes: TIMEOUT_MINUTES,
    permissions: [READ_CONTENTS, SIGN_IN],
    role: session,
    concurrency: groups.perCommit(workload.id, `inspect-${environment.name}`),
    outputs: {},
    steps: [
      checkoutCommand(),
      signIn(role, session, target.region, purpose),
      commandStep({
        name: 'Prove that account and role are the expected ones',
        command: command('identity'),
        calls: [],
      }),
      fetchTemplates(),
      commandStep({
        name: 'Compare the templates with what is deployed',
        env: { TEMPLATES: FOLDER },
        command: command('diff', { flag: '--templates', variable: 'TEMPLATES' }),
        calls,
      }),
    ],
  };
}

function fetchTemplates(): Step {
  return usesStep({
    name: 'Fetch the templates',
    reason: 'Beside the repository, so that nothing in the artifact can take the place of the command.',
    uses: 'actions/download-artifact',
    with: { name: TEMPLATES, path: FOLDER },
  });
}
