import type { ClusterEvent, ClusterState } from './cluster-state';

/** How far back warnings are told. */
const RECENT_MS = 10 * 60_000;
const MOST_WARNINGS = 5;

/**
 * What Kubernetes has warned of lately, newest first, in one sentence. It is told and not judged: a warning may well
 * belong to what has been put right since.
 *
 * @param now milliseconds since the epoch
 * @see https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/
 */
export function recentWarnings({ objects }: ClusterState, now: number): string {
  const warnings = objects
    .filter((each) => each.kind === 'Event')
    .filter((event) => event.type === 'Warning' && now - timeOf(event) <= RECENT_MS)
    .sort((a, b) => timeOf(b) - timeOf(a));
  if (warnings.length === 0) return 'no warning of Kubernetes within the last ten minutes';
  const told = warnings
    .slice(0, MOST_WARNINGS)
    .map(({ involvedObject, reason, message }) => `${involvedObject.name} ${reason}: ${message}`);
  const more = warnings.length > told.length ? [`and ${warnings.length - told.length} more`] : [];
  return `Kubernetes has warned within the last ten minutes: ${[...told, ...more].join('; ')}`;
}

const timeOf = ({ lastTimestamp, eventTime }: ClusterEvent): number =>
  Date.parse(lastTimestamp ?? eventTime ?? '') || 0;
