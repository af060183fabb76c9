import { liveDeployments, noteProgress } from './deployments';
import type { Moment } from './moment';
import { livePods } from './pods';
import { liveStatefulSets } from './stateful-sets';
import { liveTraffic } from './traffic';

/** What was seen of the Deployments of a cluster a second ago. */
export type Seen = ReadonlyMap<string, string>;

/** One second of a cluster. */
export function liveCluster(moment: Moment, before: Seen): Seen {
  liveDeployments(moment);
  liveStatefulSets(moment);
  livePods(moment);
  liveTraffic(moment);
  return noteProgress(moment, before);
}
