import type { DeployManifest, GpuCheckEntry, TargetEntry, WorkloadEntry } from '../../contract';
import type { Command, PipelinePlan, PlannedJob } from '../../workflows';

/** One environment of a workflow: the jobs that deploy to it, lead back, and look at it. */
export interface ShapeStage {
  readonly environment: string;
  readonly target: TargetEntry;
  /** @default - none: a workflow that only rolls back, or only looks */
  readonly deploy?: PlannedJob;
  /** @default - none */
  readonly rollback?: PlannedJob;
  /** Changes nothing. @default - none */
  readonly inspect?: PlannedJob;
  /** Tells people what became of the environment. @default - nobody is told */
  readonly notify?: PlannedJob;
}

/** An environment of the workload that a workflow leaves alone. */
export interface Bystander {
  readonly environment: string;
  readonly target: TargetEntry;
  /** Whether it is delivered to before the environments of the workflow or after them. */
  readonly side: 'before' | 'after';
}

/** What a workflow does to targets, read from its plan. */
export interface Shape {
  readonly plan: PipelinePlan;
  /** @default - the workflow is of no workload */
  readonly workload?: WorkloadEntry;
  /** In the order of delivery; empty for a workflow that touches no target. */
  readonly stages: readonly ShapeStage[];
  readonly bystanders: readonly Bystander[];
  /** Job that finds out what is to be promoted. @default - the workflow promotes nothing */
  readonly resolve?: PlannedJob;
  /** Job that measures deliveries. @default - the workflow measures none */
  readonly figures?: PlannedJob;
  /** Check of a GPU stack. @default - the workflow checks none */
  readonly gpuCheck?: GpuCheckEntry;
}

const ROLE_OF_VERB = {
  deploy: 'deploy',
  rollback: 'rollback',
  identity: 'inspect',
  diff: 'inspect',
  notify: 'notify',
} as const satisfies Readonly<Record<string, keyof ShapeStage>>;

const roleOf = (verb: string): 'deploy' | 'rollback' | 'inspect' | 'notify' | undefined =>
  Object.hasOwn(ROLE_OF_VERB, verb) ? ROLE_OF_VERB[verb as keyof typeof ROLE_OF_VERB] : undefined;

/** Reads which jobs of a workflow deploy, roll back and look, and where. */
export function shapeOf(plan: PipelinePlan, manifest: DeployManifest): Shape {
  const stages = new Map<string, ShapeStage>();
  for (const job of plan.jobs) {
    for (const command of commandsOf(job)) {
      const role = roleOf(command.verb);
      const environment = optionOf(command, '--environment');
      const target = manifest.targets.find(
        (each) => each.workload === command.subject && each.environment === environment,
      );
      if (!role || !target) continue;
      const before = stages.get(target.environment) ?? { environment: target.environment, target };
      stages.set(target.environment, { ...before, [role]: job });
    }
  }
  const found = [...stages.values()];
  const workload = manifest.workloads.find(({ id }) => id === found[0]?.target.workload);
  const commands = plan.jobs.flatMap(commandsOf);
  const gpuCheck = manifest.gpuChecks.find((each) =>
    commands.some(({ verb, subject }) => verb === 'gpu-check run' && subject === each.workload),
  );
  const figures = plan.jobs.find((job) => commandsOf(job).some(({ verb }) => verb === 'metrics'));
  const resolve = plan.jobs.find((job) => commandsOf(job).some(({ verb }) => verb === 'resolve'));
  return {
    plan,
    ...(workload && { workload }),
    stages: found,
    bystanders: bystandersOf(found, workload, manifest),
    ...(resolve && { resolve }),
    ...(figures && { figures }),
    ...(gpuCheck && { gpuCheck }),
  };
}

function bystandersOf(
  stages: readonly ShapeStage[],
  workload: WorkloadEntry | undefined,
  { targets }: DeployManifest,
): readonly Bystander[] {
  if (!workload) return [];
  const order = workload.environments;
  const reached = stages.map(({ environment }) => order.indexOf(environment));
  return targets
    .filter(
      (target) => target.workload === workload.id && !reached.includes(order.indexOf(target.environment)),
    )
    .map((target) => {
      const { environment } = target;
      const side = order.indexOf(environment) < Math.min(...reached) ? 'before' : 'after';
      return { environment, target, side };
    });
}

function commandsOf({ steps }: PlannedJob): readonly Command[] {
  return steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []));
}

function optionOf({ options }: Command, flag: string): string | undefined {
  const found = options.find((option) => option.flag === flag);
  return found && 'value' in found ? found.value : undefined;
}
