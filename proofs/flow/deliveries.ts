import type { TargetEntry, WorkloadEntry } from '../../contract';
import type { Artefacts, Job, Workflow } from '../artefacts';
import { type CommandUse, commandsOf } from './commands';
import { record } from './occurrences';

/** A job whose steps run a verb of the command on a target. */
export interface TargetJob {
  readonly workflow: Workflow;
  readonly job: Job;
  readonly use: CommandUse;
  /** As the command names it. */
  readonly environment: string;
  /** The target of the manifest; absent when the command names one that is not there. */
  readonly target?: TargetEntry;
}

/** Every call of the command on a target, in all workflows. Found once, looked up by what proofs ask for. */
export class Deliveries {
  private static readonly made = new WeakMap<Artefacts, Deliveries>();

  static of(artefacts: Artefacts): Deliveries {
    const made = Deliveries.made.get(artefacts) ?? new Deliveries(artefacts);
    Deliveries.made.set(artefacts, made);
    return made;
  }

  readonly all: readonly TargetJob[];
  readonly deployments: readonly TargetJob[];
  private readonly byWorkflow = new Map<Workflow, TargetJob[]>();
  private readonly byGroup = new Map<string, TargetJob>();
  private readonly workloads: ReadonlyMap<string, WorkloadEntry>;

  private constructor({ manifest, workflows }: Artefacts) {
    const targets = new Map(
      manifest.targets.map((target) => [`${target.workload} ${target.environment}`, target] as const),
    );
    this.workloads = new Map(manifest.workloads.map((workload) => [workload.id, workload]));
    this.all = workflows.flatMap((workflow) => workflow.jobs.flatMap((job) => find(workflow, job, targets)));
    this.deployments = this.all.filter(deploys);
    for (const one of this.all) {
      this.byWorkflow.set(one.workflow, [...(this.byWorkflow.get(one.workflow) ?? []), one]);
    }
    for (const one of this.deployments) {
      const group = groupOf(one.job);
      if (group !== undefined && !this.byGroup.has(group)) this.byGroup.set(group, one);
    }
  }

  in(workflow: Workflow): readonly TargetJob[] {
    return this.byWorkflow.get(workflow) ?? [];
  }

  /** A deployment that holds a concurrency group. */
  holding(group: string): TargetJob | undefined {
    return this.byGroup.get(group);
  }

  /** The workload of the manifest that a command names. */
  workloadOf({ workload }: CommandUse): WorkloadEntry | undefined {
    return this.workloads.get(workload ?? '');
  }
}

function find(workflow: Workflow, job: Job, targets: ReadonlyMap<string, TargetEntry>): readonly TargetJob[] {
  return commandsOf(job).flatMap((use) => {
    const { environment } = use.options;
    if (typeof environment !== 'string') return [];
    const target = targets.get(`${use.workload ?? ''} ${environment}`);
    return [{ workflow, job, use, environment, ...(target && { target }) }];
  });
}

export const deploys = ({ use }: TargetJob): boolean => use.verb === 'deploy';

/** One that goes back; `rollback --list` only tells where to. */
export const rollsBack = ({ use }: TargetJob): boolean =>
  use.verb === 'rollback' && use.options.list !== true;

/** Concurrency group of a job, as it is written. */
export function groupOf({ raw: { concurrency } }: Job): string | undefined {
  const group = typeof concurrency === 'string' ? concurrency : record(concurrency).group;
  return typeof group === 'string' ? group : undefined;
}
