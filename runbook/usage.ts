import { deliver, deliveryPlan, goBack, lockstep, rollbackPlan } from './commands';
import { code, section, shell } from './markdown';
import type { Place, Subject } from './subject';
import { fileName } from './workflows';

/** Exact commands for everything that one does with a workload. */
export function usage(subject: Subject): string {
  const { last } = subject;
  return section(
    '## Usage',
    deploying(subject),
    following(subject),
    goingBack(subject),
    looking(subject),
    byCommand(subject, last),
    figures(subject),
  );
}

function deploying(subject: Subject): string {
  const { workload, places, manifest } = subject;
  const push =
    workload.starts === 'onPush'
      ? `A push to ${code(manifest.repository.defaultBranch)} that touches ${workload.paths.map(code).join(', ')} starts the delivery.`
      : 'Only people start a delivery.';
  const tags =
    workload.releaseTags.length > 0
      ? ` So does a tag such as ${workload.releaseTags.map(code).join(', ')}.`
      : '';
  const commands = places.map((place) => `${deliver(subject, place)}   # to ${place.target.environment}`);
  return section('### Deploy', `${push}${tags} By hand:`, shell(commands));
}

function following(subject: Subject): string {
  const { last, places } = subject;
  const waits = places.filter(
    ({ environment: { protection } }) => protection.reviewers.length > 0 || protection.waitMinutes > 0,
  );
  return section(
    '### Follow',
    shell([
      `gh run list --workflow ${fileName(deliveryPlan(subject, last.target.environment))} --limit 5`,
      'gh run watch RUN',
      'gh run view RUN --log-failed',
    ]),
    waits.length === 0
      ? ''
      : `Before ${waits.map(({ environment }) => code(environment.name)).join(', ')} the run waits: open it at GitHub and choose “Review deployments”. ` +
          'The summary of each job says what was deployed, what ran before, and how it was verified.',
  );
}

function goingBack(subject: Subject): string {
  const { last, workload } = subject;
  return section(
    '### Roll back',
    'A deployment that fails goes back by itself. To go back from one that succeeded:',
    shell([
      `${goBack(subject, last)}   # lists the stable revisions in its summary`,
      goBack(subject, last, { revision: 'REVISION' }),
      ...(workload.rollbackByCommit ? [goBack(subject, last, { commit: 'COMMIT' })] : []),
    ]),
    workload.rollbackByCommit
      ? 'A commit is named by 12 digits of its hash or more; its image is found by its tag. Nothing is built, and nothing comes in that has not run there.'
      : 'Nothing is built, and nothing comes in that has not run there.',
    `The environment is one of ${subject.places.map(({ target }) => code(target.environment)).join(', ')}; ` +
      `${code(fileName(rollbackPlan(subject)))} has a job for each.`,
  );
}

function looking({ places, kind }: Subject): string {
  return section(
    '### Look',
    ...places.map((place) =>
      shell([
        `# account ${place.target.account}`,
        lockstep('status', place),
        lockstep('diagnose', place),
        lockstep('verify', place),
        ...(kind.verbs.includes('logs') ? [lockstep('logs', place, '--since 30m')] : []),
        ...(kind.verbs.includes('invoke') ? [lockstep('invoke', place)] : []),
        ...(kind.verbs.includes('backup') ? [lockstep('backup', place)] : []),
        ...(place.target.inspection ? [`npx cdk synth --quiet && ${lockstep('diff', place)}`] : []),
      ]),
    ),
    readingText(kind.verbs),
  );
}

function readingText(verbs: readonly string[]): string {
  const others = verbs.filter((verb) => verb !== 'logs').map(code);
  const text = others.length === 0 ? 'They only read.' : `All but ${others.join(' and ')} only read.`;
  return `${text} Each has \`--help\`, and \`--json\` for programs.`;
}

function byCommand({ workload, images }: Subject, last: Place): string {
  const image = images[0]?.repository.uri ?? '';
  return section(
    '### Without GitHub',
    `Where GitHub is down, the command does what the jobs do, with credentials of account ${code(last.target.account)}:`,
    shell([
      lockstep('rollback', last, '--list'),
      lockstep('rollback', last, '--revision REVISION'),
      ...(workload.rollbackByCommit ? [lockstep('rollback', last, `--image ${image}@sha256:DIGEST`)] : []),
    ]),
    'Interrupting it is safe: the same command takes up the deployment where it is.',
  );
}

const figures = ({ workload }: Subject): string =>
  section(
    '### Figures',
    'Deployments, success rate, duration, rollbacks, lead time and time to recover, from GitHub’s runs (`GH_TOKEN=$(gh auth token)`):',
    shell([`npx lockstep metrics --days 7 --workload ${workload.id}`]),
  );
