import type { Conclusion } from '../github/run-result';
import type { Shape } from './shape';

/**
 * Results of all jobs when those that are named end so: what needs a job that did not succeed is skipped, and so
 * is a way back that is not named. Who tells people runs when what he tells of came to its end. Everything else succeeds.
 */
export function jobResults(
  { plan, stages }: Shape,
  named: Readonly<Record<string, Conclusion>>,
): Readonly<Record<string, Conclusion>> {
  const waysBack = new Set(
    stages.flatMap(({ deploy, rollback }) => (deploy && rollback ? [rollback.id] : [])),
  );
  const toldOf = new Map(
    stages.flatMap(({ deploy, rollback, notify }) =>
      notify ? [[notify.id, (deploy ?? rollback)?.id ?? ''] as const] : [],
    ),
  );
  const results: Record<string, Conclusion> = {};
  for (const { id, needs } of plan.jobs) {
    const news = toldOf.get(id);
    const reached =
      news === undefined
        ? needs.every((need) => results[need] === 'success')
        : results[news] === 'success' || results[news] === 'failure';
    results[id] = named[id] ?? (reached && !waysBack.has(id) ? 'success' : 'skipped');
  }
  return results;
}
