import type { Fault } from '../../contract';
import type { Workload } from './workload';

/** A secret that a workload names. */
interface NamedSecret {
  readonly name: string;
  /** What it holds. Workloads that say the same share the secret. */
  readonly holds: string;
  readonly place: string;
}

/** A secret holds one thing. */
export function secretFaults(workloads: readonly Workload[], place: (index: number) => string): Fault[] {
  const owners = new Map<string, NamedSecret>();
  return workloads
    .flatMap((workload, index) => [
      ...tokensOf(workload, place(index)),
      ...channelsOf(workload, place(index)),
    ])
    .flatMap((secret): Fault[] => {
      const owner = owners.get(secret.name);
      if (!owner) owners.set(secret.name, secret);
      if (!owner || owner.holds === secret.holds) return [];
      return [
        {
          place: secret.place,
          value: `"${secret.name}" with ${secret.holds}, which holds ${owner.holds} at ${owner.place}`,
          allowed: 'one secret for each account of Docker Hub and for each channel',
          change: 'give one of the two another secret',
        },
      ];
    });
}

/** Images of one workload at Docker Hub are pushed by one account. */
function tokensOf(workload: Workload, place: string): readonly NamedSecret[] {
  const store = workload.images.map((image) => image.store).find(({ registry }) => registry === 'dockerHub');
  if (store?.registry !== 'dockerHub') return [];
  return [
    {
      name: store.tokenSecret,
      holds: `the token of ${store.username}`,
      place: `${place}.registry.dockerHub.tokenSecret`,
    },
  ];
}

const HELD = { slack: 'a webhook of Slack', pagerDuty: 'an integration key of PagerDuty' } as const;

const channelsOf = ({ notices }: Workload, place: string): readonly NamedSecret[] =>
  notices.flatMap((notice) =>
    notice.channel === 'email'
      ? []
      : [
          {
            name: notice.secret,
            holds: HELD[notice.channel],
            place: `${place}.notifications.${notice.channel}.secret`,
          },
        ],
  );
