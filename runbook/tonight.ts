import { goBack, lockstep } from './commands';
import { code, section, shell, table } from './markdown';
import { approval } from './overview';
import type { Subject } from './subject';

/** What to do first, in the order in which one does it. */
export function tonight(subject: Subject): string {
  const { last } = subject;
  const environment = last.target.environment;
  const revert = goBack(subject, last, { revision: 'REVISION' });
  return section(
    '## Something is wrong now',
    `The commands are for ${code(environment)} (account ${code(last.target.account)}, ${last.target.region}); put another environment in its place.`,
    shell([
      `${lockstep('status', last)}   # what runs, and the last deployments`,
      `${lockstep('diagnose', last)}   # why, and what to do`,
      `${goBack(subject, last)}   # lists, in its summary, where one can go back to`,
      `${revert}   # goes there, builds nothing`,
    ]),
    table(
      ['You see', 'Next step'],
      [
        [
          'A deployment failed, its rollback job is green',
          'Nobody is harmed: the version before serves. Read the summary of the failed job; mend it in the morning.',
        ],
        [
          'A deployment failed, its rollback job is red',
          `Run ${code('diagnose')} above, mend what it names, then go back to a revision.`,
        ],
        [
          'A deployment is green and users complain',
          'Go back to the revision before: the last command above.',
        ],
        ['A deployment still runs and does harm', takeOver(subject)],
        ['A job waits for approval', rollbackNote(subject)],
        [
          'Nothing was deployed and it is down',
          `Run ${code('status')} and ${code('diagnose')}; then [troubleshooting](#troubleshooting).`,
        ],
        [
          'GitHub is down',
          'Sign in to the account, and run the same with the command: see [without GitHub](#without-github).',
        ],
      ],
    ),
  );
}

/** The rollback by hand has a concurrency group of its own, so that it waits for no run; its environment may have it wait. */
function takeOver({ last }: Subject): string {
  const { target, environment } = last;
  const { reviewers, waitMinutes } = environment.protection;
  const start =
    reviewers.length === 0 && waitMinutes === 0
      ? 'Start the rollback to a revision now: it waits for no other run.'
      : `Go back without GitHub, which waits for nobody: ${code(lockstep('rollback', last, '--list'))}, then ${code(lockstep('rollback', last, '--revision REVISION'))}. ` +
        `The rollback workflow waits for no other run, but first for ${approval(last)}.`;
  const meanwhile =
    target.settleMinutes === 0
      ? 'The rollback takes the place of the deployment.'
      : `AWS lets a deployment end first; the rollback waits for it, ${target.settleMinutes} minutes at most.`;
  return `${start} ${meanwhile} Cancelling the run alone stops nothing in AWS.`;
}

function rollbackNote({ last }: Subject): string {
  const { reviewers } = last.environment.protection;
  const who = reviewers.length === 0 ? 'Somebody' : `One of ${reviewers.map(code).join(', ')}`;
  return `${who} opens the run and chooses “Review deployments”. Automatic ways back never wait; a rollback by hand waits as a deployment does.`;
}
