import type { DeployManifest } from '../../contract';
import type { Trigger, Workflow } from '../artefacts';
import { refFilter } from '../claims/ref-filter';
import type { Tree, Value } from './expression';

/** One way in which a workflow can start, with what its conditions can read of it. */
export interface Occurrence {
  /** For people: `push of the tag v1.2.3`. */
  readonly name: string;
  readonly event: string;
  readonly line: number;
  /** Full ref; a pull request has none of its own here. */
  readonly ref?: string;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly github: Tree;
}

/** Combinations of inputs beyond which each input is varied on its own. */
const COMBINATIONS = 64;

/**
 * Every kind of occurrence that the triggers of a workflow allow: each branch and tag of its filters,
 * each combination of choices.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export function occurrencesOf(workflow: Workflow, manifest: DeployManifest): readonly Occurrence[] {
  return workflow.triggers.flatMap((trigger) => {
    switch (trigger.event) {
      case 'push':
        return pushes(trigger, manifest);
      case 'workflow_dispatch':
        return dispatches(trigger, manifest);
      default:
        return [occurrence(trigger, manifest, trigger.event, branchRef(manifest))];
    }
  });
}

const branchRef = ({ repository }: DeployManifest): string => `refs/heads/${repository.defaultBranch}`;

function pushes(trigger: Trigger, manifest: DeployManifest): Occurrence[] {
  const { filters } = trigger;
  const branchFilter = ['branches', 'branches-ignore'].some((name) => Object.hasOwn(filters, name));
  const tagFilter = ['tags', 'tags-ignore'].some((name) => Object.hasOwn(filters, name));
  const main = manifest.repository.defaultBranch;
  // A filter of one kind alone keeps the other kind out.
  const branches = branchFilter ? refsOf(filters, 'branches', main) : tagFilter ? [] : [main];
  const tags = tagFilter ? refsOf(filters, 'tags', 'v1.2.3') : branchFilter ? [] : ['v1.2.3'];
  return [
    ...branches.map((name) => occurrence(trigger, manifest, `push of ${name}`, `refs/heads/${name}`)),
    ...tags.map((name) => occurrence(trigger, manifest, `push of the tag ${name}`, `refs/tags/${name}`)),
  ];
}

function refsOf(filters: Trigger['filters'], kind: 'branches' | 'tags', usual: string): string[] {
  const patterns = textsOf(filters[kind]);
  const candidates = patterns.length > 0 ? samplesOf(patterns, usual) : [usual, 'another'];
  const ignored = refFilter(textsOf(filters[`${kind}-ignore`]));
  return candidates.filter((name) => !ignored.admits(name));
}

/** One name for each pattern that takes names in; `usual` where it passes. */
export function samplesOf(patterns: readonly string[], usual: string): string[] {
  const all = refFilter(patterns);
  const made = patterns.flatMap((pattern) => {
    const alone = refFilter([pattern]);
    const names = alone.admits(usual) ? [usual, ...alone.samples] : alone.samples;
    return names.filter(all.admits).slice(0, 1);
  });
  return [...new Set(made)];
}

function dispatches(trigger: Trigger, manifest: DeployManifest): Occurrence[] {
  const inputs = Object.entries(record(trigger.filters.inputs)).map(
    ([name, input]) => [name, valuesOf(record(input), manifest)] as const,
  );
  return combinationsOf(inputs).map((chosen) => {
    const said = Object.entries(chosen).map(([name, value]) => `${name}=${String(value) || "''"}`);
    const name = ['workflow_dispatch', ...said].join(' ');
    return occurrence(trigger, manifest, name, branchRef(manifest), chosen);
  });
}

function valuesOf(input: Readonly<Record<string, unknown>>, manifest: DeployManifest): readonly Value[] {
  switch (input.type) {
    case 'choice':
      return textsOf(input.options);
    case 'boolean':
      return [true, false];
    case 'number':
      return [0, 1];
    case 'environment':
      return manifest.environments.map(({ name }) => name);
    default:
      return input.required === true ? ['text'] : ['', 'text'];
  }
}

function combinationsOf(
  inputs: readonly (readonly [string, readonly Value[]])[],
): readonly Readonly<Record<string, Value>>[] {
  const count = inputs.reduce((product, [, values]) => product * values.length, 1);
  if (count <= COMBINATIONS) {
    return inputs.reduce<Record<string, Value>[]>(
      (chosen, [name, values]) => chosen.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
      [{}],
    );
  }
  const first = Object.fromEntries(inputs.map(([name, values]) => [name, values[0] ?? '']));
  return inputs.flatMap(([name, values]) => values.map((value) => ({ ...first, [name]: value })));
}

function occurrence(
  { event, line }: Trigger,
  { repository }: DeployManifest,
  name: string,
  ref: string,
  inputs: Readonly<Record<string, Value>> = {},
): Occurrence {
  const pullRequest = event.startsWith('pull_request');
  return {
    name,
    event,
    line,
    ...(!pullRequest && { ref }),
    inputs,
    // A workflow that others call sees the event of its caller, which is not known here.
    github:
      event === 'workflow_call'
        ? {}
        : {
            event_name: event,
            ref: pullRequest ? 'refs/pull/1/merge' : ref,
            ref_name: pullRequest ? '1/merge' : ref.replace(/^refs\/(?:heads|tags)\//, ''),
            ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
            base_ref: pullRequest ? repository.defaultBranch : '',
            head_ref: pullRequest ? 'topic' : '',
            repository: `${repository.owner}/${repository.name}`,
            repository_owner: repository.owner,
            event: {
              inputs: Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, String(value)])),
            },
          },
  };
}

export const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};

export const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : value === undefined || value === null ? [] : [String(value)];
