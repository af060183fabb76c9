import type { Fault } from '../../contract';
import type { Trigger, Workflow } from '../artefacts';
import { refFilter } from './ref-filter';

/** One way in which a trigger starts a workflow: an event on a ref. */
export interface Occurrence {
  readonly workflow: Pick<Workflow, 'file' | 'name'>;
  readonly event: string;
  /** Full ref, such as `refs/heads/main` or `refs/pull/1/merge`. */
  readonly ref: string;
  /** For people, such as `a push of the tag v1.2.3`. */
  readonly label: string;
  readonly line: number;
}

export interface Occurrences {
  readonly occurrences: readonly Occurrence[];
  /** Triggers that cannot be told in advance. */
  readonly unread: readonly Fault[];
  /** Whether a push of the branch or tag starts the workflow. */
  readonly admits: (ref: string) => boolean;
}

/**
 * Events that always run on the default branch, or that somebody starts there. A dispatch may name any
 * other ref; the role decides about those, and P03 shows that it refuses them.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
const ON_DEFAULT_BRANCH: Readonly<Record<string, string>> = {
  workflow_dispatch: 'a dispatch',
  schedule: 'the schedule',
  repository_dispatch: 'a dispatch of the repository',
  workflow_run: 'the end of another workflow',
};

/** Refs that stand for all others where a filter names none. */
const ANY_BRANCH = 'feature/any';
const ANY_TAG = 'v1.2.3';

/** Every occurrence that the triggers of a workflow promise. */
export function occurrencesOf(workflow: Workflow, defaultBranch: string): Occurrences {
  const occurrences: Occurrence[] = [];
  const unread: Fault[] = [];
  let admits: Occurrences['admits'] = () => false;
  for (const trigger of workflow.triggers) {
    const add = (ref: string, label: string): void => {
      occurrences.push({ workflow, event: trigger.event, ref, label, line: trigger.line });
    };
    const what = ON_DEFAULT_BRANCH[trigger.event];
    if (what !== undefined) add(`refs/heads/${defaultBranch}`, `${what} on ${defaultBranch}`);
    else if (trigger.event === 'pull_request') add('refs/pull/1/merge', 'a pull request');
    else if (trigger.event === 'push') {
      const push = pushOf(trigger, defaultBranch);
      admits = push.admits;
      push.branches.forEach((name) => add(`refs/heads/${name}`, `a push of the branch ${name}`));
      push.tags.forEach((name) => add(`refs/tags/${name}`, `a push of the tag ${name}`));
      if (push.branches.length + push.tags.length === 0) unread.push(emptyPush(workflow, trigger));
    } else unread.push(unknownEvent(workflow, trigger));
  }
  return { occurrences, unread, admits };
}

function pushOf({ filters }: Trigger, defaultBranch: string) {
  const branches = kindOf(filters, 'branches', [defaultBranch, ANY_BRANCH]);
  const tags = kindOf(filters, 'tags', [ANY_TAG]);
  // With a filter on one kind only, the other kind starts nothing.
  const onBranch = branches.named || !tags.named;
  const onTag = tags.named || !branches.named;
  return {
    branches: onBranch ? branches.samples : [],
    tags: onTag ? tags.samples : [],
    admits: (ref: string): boolean => {
      const [, kind = '', name = ''] = /^refs\/(heads|tags)\/(.*)$/.exec(ref) ?? [];
      if (kind === 'heads') return onBranch && branches.admits(name);
      return kind === 'tags' && onTag && tags.admits(name);
    },
  };
}

function kindOf(filters: Trigger['filters'], kind: 'branches' | 'tags', usual: readonly string[]) {
  const wanted = filters[kind];
  const ignored = filters[`${kind}-ignore`];
  if (wanted !== undefined) {
    const filter = refFilter(texts(wanted));
    const preferred = usual.slice(0, kind === 'branches' ? 1 : 0).filter(filter.admits);
    return { named: true, admits: filter.admits, samples: [...new Set([...preferred, ...filter.samples])] };
  }
  const ignores = refFilter(texts(ignored ?? [])).admits;
  const admits = (name: string): boolean => !ignores(name);
  return { named: ignored !== undefined, admits, samples: usual.filter(admits) };
}

const texts = (value: unknown): string[] => [value].flat().map(String);

function emptyPush({ file }: Workflow, { line, filters }: Trigger): Fault {
  return {
    place: `${file}:${line} on.push`,
    value: JSON.stringify(filters),
    allowed: 'filters that admit at least one branch or tag',
    change: 'name the branch or tag whose push starts the workflow',
  };
}

function unknownEvent({ file }: Workflow, { event, line }: Trigger): Fault {
  return {
    place: `${file}:${line} on.${event}`,
    value: `${event}, together with a job that signs in to AWS`,
    allowed: `push, pull_request, ${Object.keys(ON_DEFAULT_BRANCH).join(', ')}: for them the token is known in advance`,
    change: 'move the jobs that sign in to a workflow without this trigger',
  };
}
