import type { Job } from '../artefacts';
import { isTrue } from './evaluate';
import type { Tree } from './expression';
import type { JobGraph } from './job-graph';
import type { Occurrence } from './occurrences';
import { isTree, merged, unknownsOf, withValue } from './unknowns';

export type Outcome = 'success' | 'failure' | 'cancelled' | 'skipped';
/** How each job of a run ended, by its id. */
export type Results = Readonly<Record<string, Outcome>>;

/** States beyond which only those with few failures are looked at. */
const STATES = 4096;
const FEW_FAILURES = 2;

/** What GitHub would run: one occurrence, with one guess at what is only known later. */
export class Simulation {
  constructor(
    private readonly graph: JobGraph,
    readonly occurrence: Occurrence,
    readonly guess: Tree,
  ) {}

  /** The run in which every job that starts succeeds. */
  green(): Results {
    const results: Record<string, Outcome> = {};
    for (const job of this.graph.ordered) {
      results[job.id] = this.starts(job, results) ? 'success' : 'skipped';
    }
    return results;
  }

  /**
   * Every way in which a job and those before it can end. Where there are too many, every way with at
   * most two jobs that fail.
   */
  endings(job: Job): { readonly results: readonly Results[]; readonly complete: boolean } {
    const before = this.graph.ancestors.get(job.id);
    const cone = this.graph.ordered.filter(({ id }) => id === job.id || before?.has(id));
    const all = this.enumerate(cone, Number.POSITIVE_INFINITY);
    if (all) return { results: all, complete: true };
    return { results: this.enumerate(cone, FEW_FAILURES) ?? [], complete: false };
  }

  /**
   * Whether a job starts, with `success()` before its condition unless that asks for the outcome itself.
   * Every job before it counts, near and far.
   *
   * @see https://docs.github.com/en/actions/reference/workflows-and-actions/expressions#status-check-functions
   */
  starts(job: Job, results: Results): boolean {
    const before = [...(this.graph.ancestors.get(job.id) ?? [])].map((id) => results[id]);
    const status = {
      success: before.every((result) => result === 'success'),
      failure: before.includes('failure'),
      cancelled: before.includes('cancelled'),
      always: true,
    };
    const condition = this.graph.conditions.get(job.id);
    if (!condition || 'alwaysTrue' in condition) return status.success;
    if ('fault' in condition) return false;
    if (!condition.statusGiven && !status.success) return false;
    const { github, inputs } = this.occurrence;
    const needs = job.needs.reduce<Tree>(
      (tree, id) => withValue(tree, [id, 'result'], results[id] ?? 'skipped'),
      {},
    );
    const contexts = merged({ github, inputs, needs, vars: {} }, this.guess);
    return isTrue(condition.expression, contexts, status);
  }

  private enumerate(jobs: readonly Job[], failures: number): readonly Results[] | undefined {
    let open: { readonly results: Results; readonly failures: number }[] = [{ results: {}, failures }];
    for (const job of jobs) {
      open = open.flatMap(({ results, failures: left }) => {
        const end = (outcome: Outcome, cost: number) => ({
          results: { ...results, [job.id]: outcome },
          failures: left - cost,
        });
        if (!this.starts(job, results)) return [end('skipped', 0)];
        return [end('success', 0), ...(left > 0 ? [end('failure', 1), end('cancelled', 1)] : [])];
      });
      if (open.length > STATES && failures === Number.POSITIVE_INFINITY) return undefined;
    }
    return open.map(({ results }) => results);
  }
}

/** A simulation for each guess, or what the conditions of the workflow read that nobody can guess. */
export function simulationsOf(
  graph: JobGraph,
  occurrence: Occurrence,
): readonly Simulation[] | { readonly fault: string } {
  const expressions = [...graph.conditions.values()].flatMap((condition) =>
    condition && 'expression' in condition ? [condition.expression] : [],
  );
  const guesses = unknownsOf(expressions, (path) => isKnown(path, occurrence));
  if ('fault' in guesses) return guesses;
  return guesses.map((guess) => new Simulation(graph, occurrence, guess));
}

function isKnown([context = '', ...rest]: readonly string[], { github }: Occurrence): boolean {
  switch (context) {
    case 'inputs':
      return true;
    case 'needs':
      return rest.at(-1) === 'result';
    case 'github':
      return rest[0] === 'event' ? rest[1] === 'inputs' : isNamed(github, rest);
    default:
      return false;
  }
}

const isNamed = (tree: Tree, [name = '']: readonly string[]): boolean =>
  tree[name] !== undefined && !isTree(tree[name]);
