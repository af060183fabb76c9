import type { Fault } from '../../contract';
import type { Workload } from './workload';

/** One secret of the repository holds the token of one account. */
export function secretFaults(workloads: readonly Workload[], place: (index: number) => string): Fault[] {
  const owners = new Map<string, { readonly username: string; readonly at: string }>();
  return workloads.flatMap((workload, index): Fault[] => {
    const store = workload.images
      .map((image) => image.store)
      .find(({ registry }) => registry === 'dockerHub');
    if (store?.registry !== 'dockerHub') return [];
    const { tokenSecret, username } = store;
    const at = `${place(index)}.registry.dockerHub.tokenSecret`;
    const owner = owners.get(tokenSecret);
    if (!owner) owners.set(tokenSecret, { username, at });
    if (!owner || owner.username === username) return [];
    return [
      {
        place: at,
        value: `"${tokenSecret}" with the token of ${username}, which holds that of ${owner.username} at ${owner.at}`,
        allowed: 'one secret for each account of Docker Hub',
        change: 'give the token of one of the two accounts another secret',
      },
    ];
  });
}
