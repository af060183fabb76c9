import type { Command } from 'commander';
import { LockstepError } from '../../contract/errors';
import type { DeployManifest } from '../../contract/manifest';
import { execute } from '../execute';
import type { Place } from '../delivery/past-job';
import type { Report } from '../report';
import type { Session } from '../session';
import { type CommandContext, helpText, jsonOption } from './options';

interface MetricsOptions {
  readonly days: string;
  readonly workload?: string;
  readonly environment?: string;
  readonly json?: boolean;
}

/** GitHub keeps runs for 400 days at most. */
const MOST_DAYS = 400;

export function addMetrics(program: Command, { ports, finish }: CommandContext): void {
  program
    .command('metrics')
    .description('Show how deliveries went: how many, how many succeeded, how long they took')
    .option('--days <number>', 'runs that were created in the last so many days', '7')
    .option('--workload <id>', 'this workload only')
    .option('-e, --environment <name>', 'this environment only')
    .addOption(jsonOption())
    .addHelpText(
      'after',
      helpText(
        'metrics --days 30 --workload devops-day3-app',
        '{ command, passed, since, until, total: {…}, environments: [{ workload, environment, figures }], days: [{ date, succeeded, failed }], error? }',
        { done: 'the figures are there', api: "GitHub's API" },
        [
          'GITHUB_TOKEN or GH_TOKEN  a token that may read the runs of workflows (actions: read)',
          'GITHUB_REPOSITORY         repository as owner/name (default: that of the manifest)',
        ],
      ),
    )
    .action(async (options: MetricsOptions) => {
      const form = { command: 'metrics', json: options.json === true };
      finish(await execute(ports, form, (session) => metrics(session, options)));
    });
}

async function metrics(session: Session, options: MetricsOptions): Promise<Report> {
  const days = daysOf(options.days);
  const manifest = await session.manifest();
  const places = placesOf(manifest, options);
  const github = await githubOf(session, manifest);
  const [{ pastJobs }, { DAY_MS, deploymentsByDay, figuresOf }, { dayChart, durationText, figuresTable }] =
    await Promise.all([
      import('../delivery/past-job'),
      import('../delivery/figures'),
      import('../delivery/render'),
    ]);
  const until = new Date(session.context.clock.now());
  const since = new Date(until.getTime() - days * DAY_MS);
  const jobs = await pastJobs(github, manifest, places, since);
  const environments = places.map(({ workload, environment }) => ({
    workload,
    environment,
    figures: figuresOf(jobs.filter((job) => job.workload === workload && job.environment === environment)),
  }));
  const total = figuresOf(jobs);
  const byDay = deploymentsByDay(jobs, since, until);
  return {
    title: `${total.deployments} deployments in ${days} days`,
    facts: [
      ['since', since.toISOString().slice(0, 10)],
      ['mean duration', durationText(total.meanDuration)],
    ],
    sections: [
      figuresTable([
        ...environments.map(({ workload, environment, figures }) => ({
          name: `${workload} in ${environment}`,
          figures,
        })),
        { name: 'all', figures: total },
      ]),
      dayChart(byDay),
    ],
    data: { since: since.toISOString(), until: until.toISOString(), total, environments, days: byDay },
  };
}

/** @throws LockstepError `InvalidArgument` */
function daysOf(text: string): number {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= MOST_DAYS) return days;
  throw new LockstepError('InvalidArgument', {
    place: '--days',
    value: JSON.stringify(text),
    allowed: `a whole number from 1 to ${MOST_DAYS}`,
    change: 'pass another number of days',
  });
}

/** @throws LockstepError `UnknownWorkload` or `UnknownEnvironment` */
function placesOf({ targets }: DeployManifest, { workload, environment }: MetricsOptions): readonly Place[] {
  const ofWorkload = targets.filter((target) => workload === undefined || target.workload === workload);
  const found = ofWorkload.filter(
    (target) => environment === undefined || target.environment === environment,
  );
  if (found.length > 0) return found;
  const [code, place, value, known] =
    ofWorkload.length === 0
      ? (['UnknownWorkload', '--workload', workload, targets.map((target) => target.workload)] as const)
      : ([
          'UnknownEnvironment',
          '--environment',
          environment,
          ofWorkload.map((target) => target.environment),
        ] as const);
  throw new LockstepError(code, {
    place,
    value: JSON.stringify(value ?? ''),
    allowed: [...new Set<string>(known)].sort().join(', '),
    change: 'name one of these',
  });
}

/** @throws LockstepError `GithubTokenMissing` */
async function githubOf({ ports, context }: Session, { repository }: DeployManifest) {
  const { github } = ports.environment;
  if (github.token === undefined) {
    throw new LockstepError('GithubTokenMissing', {
      place: 'GITHUB_TOKEN',
      value: 'nothing, and no GH_TOKEN either',
      allowed: 'a token that may read the runs of workflows (actions: read)',
      change: 'run it as `GH_TOKEN=$(gh auth token) npx lockstep metrics`',
    });
  }
  const { openGithub } = await import('../github-api');
  const name = github.repository ?? `${repository.owner}/${repository.name}`;
  return openGithub({ clock: context.clock, signal: ports.signal }, github, name);
}
