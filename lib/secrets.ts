import type { NoticeEntry, SecretEntry } from '../contract';
import { type Platform, rollbackEnvironmentOf, type Workload } from './platform';

/** Secrets that people set at GitHub, each once. */
export function secretsOf(platform: Platform): readonly SecretEntry[] {
  const secrets = new Map<string, SecretEntry>();
  for (const secret of platform.workloads.flatMap((workload) => [
    ...tokensOf(workload),
    ...channelsOf(workload, platform),
  ])) {
    const known = secrets.get(secret.name);
    const environments = new Set([...(known?.environments ?? []), ...secret.environments]);
    secrets.set(secret.name, { ...secret, environments: [...environments] });
  }
  return [...secrets.values()];
}

const tokensOf = ({ images }: Workload): readonly SecretEntry[] =>
  images.flatMap(({ store }) =>
    store.registry === 'dockerHub'
      ? [
          {
            name: store.tokenSecret,
            purpose: `access token of ${store.username} at Docker Hub, which may read and write: builds push their images with it`,
            environments: [],
          },
        ]
      : [],
  );

const PURPOSES: Readonly<Record<Exclude<NoticeEntry['channel'], 'email'>, string>> = {
  slack: 'address of an incoming webhook of Slack: people are told through it when a deployment failed',
  pagerDuty:
    "integration key of PagerDuty's Events API v2: a deployment that failed opens an incident with it",
};

/** Jobs that tell people run in the environments of the way back, which wait for nobody. */
function channelsOf({ notices, environments }: Workload, platform: Platform): readonly SecretEntry[] {
  const holders = platform.environments
    .filter(({ name }) => environments.some((each) => each.name === name))
    .map(rollbackEnvironmentOf);
  return notices.flatMap((notice) =>
    notice.channel === 'email'
      ? []
      : [{ name: notice.secret, purpose: PURPOSES[notice.channel], environments: holders }],
  );
}
