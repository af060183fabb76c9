import type { DeployManifest, NoticeEntry, RoleEntry, TargetEntry } from '../../contract';
import { manifest } from '../fixtures/manifest';

export const SLACK = { channel: 'slack', secret: 'SLACK_WEBHOOK_URL' } as const satisfies NoticeEntry;
export const PAGER_DUTY = {
  channel: 'pagerDuty',
  secret: 'PAGERDUTY_ROUTING_KEY',
} as const satisfies NoticeEntry;
export const EMAIL = { channel: 'email' } as const satisfies NoticeEntry;

/** The manifest with notices of each of its workloads: their secrets, and what mail needs. */
export function noticed(
  notices: readonly NoticeEntry[] = [SLACK, PAGER_DUTY, EMAIL],
  whole: DeployManifest = manifest(),
): DeployManifest {
  const mail = notices.some(({ channel }) => channel === 'email');
  const ways = whole.targets.map((target) => wayOf(whole, target));
  return {
    ...whole,
    workloads: whole.workloads.map((workload) => ({ ...workload, notices })),
    targets: mail ? ways.map(({ target }) => target) : whole.targets,
    roles: mail ? [...whole.roles, ...ways.map(({ role }) => role)] : whole.roles,
    secrets: notices.flatMap((notice) =>
      'secret' in notice
        ? [
            {
              name: notice.secret,
              purpose: `reaches ${notice.channel}`,
              environments: whole.environments.map(({ rollbackEnvironment }) => rollbackEnvironment),
            },
          ]
        : [],
    ),
  };
}

interface Way {
  readonly target: TargetEntry;
  readonly role: RoleEntry;
}

function wayOf({ environments, platform }: DeployManifest, target: TargetEntry): Way {
  const environment = environments.find(({ name }) => name === target.environment)?.rollbackEnvironment;
  if (environment === undefined) throw new Error(`no environment ${target.environment}`);
  const topicArn = `arn:aws:sns:${target.region}:${target.account}:${platform}-${target.id}-notices`;
  const id = `${target.id}-notify`;
  const name = `${platform}-${id}`;
  return {
    target: {
      ...target,
      postbox: { topicArn, role: id, calls: [{ action: 'sns:Publish', resources: [topicArn] }] },
    },
    role: {
      id,
      purpose: 'notify',
      name,
      arn: `arn:aws:iam::${target.account}:role/${name}`,
      account: target.account,
      environment,
      maxSessionMinutes: 60,
      constructPath: `${platform}-${target.id}/Notices/Role`,
    },
  };
}
