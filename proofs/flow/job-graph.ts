import type { Fault } from '../../contract';
import type { Job, Workflow } from '../artefacts';
import { type Condition, readCondition } from './condition';
import { placeOf } from './place';

/** The jobs of a workflow as GitHub orders them, with their conditions read. */
export interface JobGraph {
  readonly workflow: Workflow;
  /** Each job after those that it needs. */
  readonly ordered: readonly Job[];
  readonly conditions: ReadonlyMap<string, Condition | undefined>;
  /** All jobs before a job, near and far. */
  readonly ancestors: ReadonlyMap<string, ReadonlySet<string>>;
  /** What is wrong with the order itself. Nothing runs while there is any. */
  readonly faults: readonly Fault[];
}

const known = new WeakMap<Workflow, JobGraph>();

/** The graph of a workflow, made once. */
export function jobGraph(workflow: Workflow): JobGraph {
  const made = known.get(workflow) ?? build(workflow);
  known.set(workflow, made);
  return made;
}

function build(workflow: Workflow): JobGraph {
  const faults: Fault[] = [
    ...workflow.errors.map(({ line, message }) => ({
      place: `${workflow.file}:${line}`,
      value: message,
      allowed: 'a workflow file that YAML and GitHub can read',
      change: 'mend the file, or run `npx projen` to write it anew',
    })),
    ...workflow.jobs.flatMap((job) => unknownNeeds(workflow, job)),
  ];
  const { ordered, stuck } = order(workflow.jobs);
  const [first] = stuck;
  if (first && faults.length === 0) {
    faults.push({
      place: placeOf(workflow, first),
      value: `jobs that wait for each other: ${stuck.map(({ id }) => id).join(', ')}`,
      allowed: 'jobs that can be put in an order',
      change: `remove one of the \`needs\` among ${stuck.map(({ id }) => id).join(', ')}`,
    });
  }
  const ancestors = new Map<string, Set<string>>();
  for (const { id, needs } of ordered) {
    ancestors.set(id, new Set(needs.flatMap((need) => [need, ...(ancestors.get(need) ?? [])])));
  }
  const conditions = new Map(
    workflow.jobs.map(({ id, condition }) => [
      id,
      condition === undefined ? undefined : readCondition(condition, 'jobCondition'),
    ]),
  );
  return { workflow, ordered, conditions, ancestors, faults };
}

function unknownNeeds(workflow: Workflow, job: Job): Fault[] {
  const others = workflow.jobs.map(({ id }) => id).filter((id) => id !== job.id);
  return job.needs
    .filter((need) => !others.includes(need))
    .map((need) => ({
      place: placeOf(workflow, job),
      value: `needs: ${need}`,
      allowed: others.join(', ') || 'nothing, for there is no other job',
      change: `name a job of this file in the \`needs\` of ${job.id}`,
    }));
}

function order(jobs: readonly Job[]): { readonly ordered: readonly Job[]; readonly stuck: readonly Job[] } {
  const ordered: Job[] = [];
  const placed = new Set<string>();
  let rest = jobs;
  for (;;) {
    const ready = rest.filter(({ needs }) => needs.every((need) => placed.has(need)));
    if (ready.length === 0) return { ordered, stuck: rest };
    for (const job of ready) placed.add(job.id);
    ordered.push(...ready);
    rest = rest.filter(({ id }) => !placed.has(id));
  }
}
