import { type Command, Option } from 'commander';
import { type Fault, LockstepError } from '../../contract/errors';
import type { DeployManifest, TargetEntry, WorkloadEntry } from '../../contract/manifest';
import type { Results } from '../notices/news';
import { JOB_RESULTS, type Notice } from '../notices/notice';
import type { Report } from '../report';
import type { CommandContext } from './options';
import { addTargetCommand, type TargetOptions } from './target-command';

type NotifyOptions = TargetOptions & Results;

export function addNotify(program: Command, context: CommandContext): void {
  addTargetCommand<NotifyOptions>(
    program,
    context,
    {
      name: 'notify',
      description: 'Tell people that a deployment failed, or that the one after it is well',
      options: (command) =>
        command
          .addOption(
            new Option('--deployment <result>', 'result of the job that deployed').choices(JOB_RESULTS),
          )
          .addOption(
            new Option('--rollback <result>', 'result of the job that rolled back').choices(JOB_RESULTS),
          ),
      exampleTarget: 'devops-day3-app --environment staging',
      example: '--deployment failure --rollback success',
      json: 'told: failure|recovery|nothing, channels: [name]',
      environment: [
        'the secrets that the manifest names for the workload, such as SLACK_WEBHOOK_URL, under their own names',
        'GITHUB_TOKEN  asks GitHub whether the deployment began, and how the one before ended',
      ],
      exits: {
        done: 'everybody was told, or there is nothing to tell',
        failed: 'a channel does not work, or its secret is missing',
      },
    },
    async ({ session, manifest, entry, options, name }) => {
      const workload = workloadOf(manifest, entry);
      const [{ openChannels }, { newsOf }, { tell }] = await Promise.all([
        import('../notices/channels'),
        import('../notices/news'),
        import('../notices/tell'),
      ]);
      const { channels, faults } = openChannels(session, manifest, workload, entry);
      const told = await newsOf(session, { manifest, workload, entry }, options);
      if ('silence' in told) return report(name, told.silence, [], faults);
      const { sent, failed } = await tell(session, channels, told.notice);
      return report(name, told.notice, sent, [...faults, ...failed]);
    },
  );
}

/** @throws LockstepError `InvalidArgument` for a workload that tells nobody */
function workloadOf({ workloads }: DeployManifest, entry: TargetEntry): WorkloadEntry {
  const workload = workloads.find(({ id }) => id === entry.workload);
  if (workload && workload.notices.length > 0) return workload;
  throw new LockstepError('InvalidArgument', {
    place: '<workload>',
    value: JSON.stringify(entry.workload),
    allowed:
      workloads
        .filter(({ notices }) => notices.length > 0)
        .map(({ id }) => id)
        .join(', ') || '(none)',
    change: 'give the workload `notifications` in the platform file, and run `npx projen`',
  });
}

function report(
  name: string,
  news: Notice | string,
  sent: readonly string[],
  faults: readonly Fault[],
): Report {
  const title = typeof news === 'string' ? `${name}: ${news}` : news.title;
  return {
    title,
    facts: [
      ...(typeof news === 'string' ? [] : [['news', news.detail] as const]),
      ...(sent.length > 0 ? [['by', sent.join(', ')] as const] : []),
    ],
    data: { told: typeof news === 'string' ? 'nothing' : news.kind, channels: sent },
    ...(faults.length > 0 && { failure: new LockstepError('NoticeNotSent', faults) }),
  };
}
