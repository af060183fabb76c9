import type { Fault } from '../../contract';
import type { Trigger, Workflow } from '../artefacts';
import { refFilter } from '../claims/ref-filter';
import { samplesOf, textsOf } from './occurrences';

/** What an event must start a workflow for. */
export interface Entrance {
  readonly event: 'push' | 'pull_request';
  readonly branch: string;
  readonly tags?: readonly string[];
  readonly paths: readonly string[];
}

/** What a trigger leaves out of that. */
export function entranceFaultsOf(
  workflow: Workflow,
  { event, branch, tags = [], paths }: Entrance,
): readonly Fault[] {
  const trigger = workflow.triggers.find((one) => one.event === event);
  const branches = filterOf(trigger, 'branches');
  const taken = filterOf(trigger, 'tags');
  const watched = filterOf(trigger, 'paths');
  const fault = (what: string, pattern: string, allowed: readonly string[]): Fault => ({
    place: `${workflow.file}:${trigger?.line ?? 1}`,
    value: `${what} ${pattern} starts nothing`,
    allowed: `${event} of what the manifest promises; the filter takes ${allowed.join(', ') || 'nothing'}`,
    change: `add ${pattern} to the filter of the trigger, or run \`npx projen\``,
  });
  const takes = (patterns: readonly string[], name: string) => refFilter(patterns).admits(name);
  // A push without a filter for branches may have one for tags, which keeps branches out.
  const everyBranch = event === 'pull_request' && branches.length === 0;
  return [
    ...(trigger && (everyBranch || takes(branches, branch)) ? [] : [fault('the branch', branch, branches)]),
    ...tags
      .filter((tag) => !trigger || !samplesOf([tag], tag).every((name) => takes(taken, name)))
      .map((tag) => fault('a tag', tag, taken)),
    ...paths
      .filter((path) => !trigger || (watched.length > 0 && !takes(watched, path)))
      .map((path) => fault('a change of', path, watched)),
  ];
}

const filterOf = (trigger: Trigger | undefined, name: string): readonly string[] =>
  textsOf(trigger?.filters[name]);
