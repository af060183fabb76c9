import type { Fault, TargetEntry } from '../../contract';
import type { Artefacts, Trigger, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { Deliveries } from './deliveries';
import { refFilter } from '../claims/ref-filter';
import { record, samplesOf, textsOf } from './occurrences';

/** What starts the delivery of each workload, held against what the manifest promises. */
export function entranceFaults(artefacts: Artefacts): ProofResult {
  const { manifest } = artefacts;
  const deployed = new Set<TargetEntry>();
  const delivering = new Map<string, Set<Workflow>>();
  for (const { target, workflow } of Deliveries.of(artefacts).deployments) {
    if (!target) continue;
    deployed.add(target);
    delivering.set(target.workload, (delivering.get(target.workload) ?? new Set()).add(workflow));
  }
  const missing = manifest.targets.filter((target) => !deployed.has(target)).map(withoutDeployment);
  let checked = manifest.targets.length;
  const entrances = manifest.workloads.flatMap(({ id, releaseTags, paths, environments }) => {
    return [...(delivering.get(id) ?? [])].flatMap((workflow) => {
      checked += 1 + releaseTags.length + paths.length + environments.length;
      return [
        ...pushFaults(workflow, manifest.repository.defaultBranch, releaseTags, paths),
        ...choiceFaults(workflow, environments),
      ];
    });
  });
  return { checked, findings: [...missing, ...entrances] };
}

const withoutDeployment = ({ constructPath, workload, environment }: TargetEntry): Fault => ({
  place: constructPath,
  value: `no job deploys ${workload} to ${environment}`,
  allowed: 'a job for each target of the manifest',
  change: 'run `npx projen` to write the workflows anew',
});

function pushFaults(
  workflow: Workflow,
  branch: string,
  tags: readonly string[],
  paths: readonly string[],
): Fault[] {
  const push = workflow.triggers.find(({ event }) => event === 'push');
  const branches = filterOf(push, 'branches');
  const taken = filterOf(push, 'tags');
  const watched = filterOf(push, 'paths');
  const place = `${workflow.file}:${push?.line ?? 1}`;
  const fault = (what: string, pattern: string, allowed: readonly string[]): Fault => ({
    place,
    value: `${what} ${pattern} starts nothing`,
    allowed: `pushes of what the manifest promises; the filter takes ${allowed.join(', ') || 'nothing'}`,
    change: `add ${pattern} to the filter of the trigger, or run \`npx projen\``,
  });
  const takes = (patterns: readonly string[], name: string) => refFilter(patterns).admits(name);
  return [
    ...(push && takes(branches, branch) ? [] : [fault('the branch', branch, branches)]),
    ...tags
      .filter((tag) => !push || !samplesOf([tag], tag).every((name) => takes(taken, name)))
      .map((tag) => fault('a tag', tag, taken)),
    ...paths
      .filter((path) => !push || (watched.length > 0 && !takes(watched, path)))
      .map((path) => fault('a change of', path, watched)),
  ];
}

const filterOf = (trigger: Trigger | undefined, name: string): readonly string[] =>
  textsOf(trigger?.filters[name]);

function choiceFaults(workflow: Workflow, environments: readonly string[]): Fault[] {
  const dispatch = workflow.triggers.find(({ event }) => event === 'workflow_dispatch');
  const offered = Object.values(record(dispatch?.filters.inputs)).flatMap((input) =>
    textsOf(record(input).options),
  );
  // A single environment is not chosen: every run goes there.
  if (!dispatch || (offered.length === 0 && environments.length === 1)) return [];
  return environments
    .filter((environment) => !offered.includes(environment))
    .map((environment) => ({
      place: `${workflow.file}:${dispatch.line}`,
      value: `${environment} cannot be chosen`,
      allowed: `each environment of the workload; offered: ${offered.join(', ') || 'nothing'}`,
      change: `add ${environment} to the options, or run \`npx projen\``,
    }));
}
