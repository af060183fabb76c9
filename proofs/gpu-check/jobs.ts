import type { DeployManifest, GpuCheckEntry } from '../../contract';
import type { Artefacts, Job, Workflow } from '../artefacts';
import { type CommandUse, commandsOf } from '../flow/commands';

/** A job that runs one of the two commands of a check. */
export interface CheckJob {
  readonly entry: GpuCheckEntry;
  readonly workflow: Workflow;
  readonly job: Job;
  readonly use: CommandUse;
}

export const RUN = 'gpu-check run';
export const REPORT = 'gpu-check report';

/** Axes of the matrix, which are options of the command too. */
export const AXES = ['cuda', 'driver', 'pytorch'] as const;

/** Jobs of all workflows that run a command of a check. */
export const checkJobs = ({ manifest, workflows }: Artefacts, verb: string): readonly CheckJob[] =>
  workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      commandsOf(job)
        .filter((use) => use.verb === verb)
        .flatMap((use) => checksOf(manifest, use).map((entry) => ({ entry, workflow, job, use }))),
    ),
  );

const checksOf = ({ gpuChecks }: DeployManifest, { workload }: CommandUse): readonly GpuCheckEntry[] =>
  gpuChecks.filter((entry) => entry.workload === workload);
