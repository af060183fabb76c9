import type { DeployManifest, TargetEntry } from '../../contract';
import type { Command, PipelinePlan, PlannedJob } from '../../workflows';

/** One environment of a workflow: the jobs that deploy to it and lead back. */
export interface ShapeStage {
  readonly environment: string;
  readonly target: TargetEntry;
  /** @default - none: a workflow that only rolls back */
  readonly deploy?: PlannedJob;
  /** @default - none */
  readonly rollback?: PlannedJob;
}

/** What a workflow does to targets, read from its plan. */
export interface Shape {
  readonly plan: PipelinePlan;
  /** In the order of delivery; empty for a workflow that touches no target. */
  readonly stages: readonly ShapeStage[];
}

/** Reads which jobs of a workflow deploy and roll back, and where. */
export function shapeOf(plan: PipelinePlan, manifest: DeployManifest): Shape {
  const stages = new Map<string, ShapeStage>();
  for (const job of plan.jobs) {
    for (const command of commandsOf(job)) {
      const verb = command.verb === 'deploy' || command.verb === 'rollback' ? command.verb : undefined;
      const environment = optionOf(command, '--environment');
      const target = manifest.targets.find(
        (each) => each.workload === command.workload && each.environment === environment,
      );
      if (!verb || !target) continue;
      const before = stages.get(target.environment) ?? { environment: target.environment, target };
      stages.set(target.environment, { ...before, [verb]: job });
    }
  }
  return { plan, stages: [...stages.values()] };
}

function commandsOf({ steps }: PlannedJob): readonly Command[] {
  return steps.flatMap((step) => (step.kind === 'command' ? [step.command] : []));
}

function optionOf({ options }: Command, flag: string): string | undefined {
  const found = options.find((option) => option.flag === flag);
  return found && 'value' in found ? found.value : undefined;
}
