import type { DeployManifest, PythonQuality } from '../../contract';
import { commandLine, planPipelines, type PipelinePlan, type PlannedJob } from '../../workflows';
import { manifest } from '../fixtures/manifest';

/** Looks into plans. */

export function planOf(whole: DeployManifest, file: string): PipelinePlan {
  const found = planPipelines(whole).find((plan) => plan.file === `.github/workflows/${file}`);
  if (!found) throw new Error(`no ${file}`);
  return found;
}

export const deliveryOf = (whole: DeployManifest = manifest()) => planOf(whole, 'kvs-infer-deploy.yml');
export const rollbackOf = (whole: DeployManifest = manifest()) => planOf(whole, 'kvs-infer-rollback.yml');

export function jobOf(plan: PipelinePlan, id: string): PlannedJob {
  const found = plan.jobs.find((job) => job.id === id);
  if (!found) throw new Error(`no job ${id} in ${plan.file}`);
  return found;
}

/** What the first workload asks of its sources. */
export function pythonOf({ workloads: [workload] }: DeployManifest): PythonQuality {
  const quality = workload?.quality;
  if (quality?.language !== 'python') throw new Error(`${workload?.id} has no Python`);
  return quality;
}

export const edges = (plan: PipelinePlan) =>
  Object.fromEntries(plan.jobs.map(({ id, needs }) => [id, needs]));

export const stepNames = (job: PlannedJob) => job.steps.map(({ name }) => name);

/** `with` of each step that uses the action. */
export const inputsOf = (job: PlannedJob, action: string) =>
  job.steps.flatMap((step) => (step.kind === 'uses' && step.uses === action ? [step.with] : []));

export const scriptsOf = (job: PlannedJob) =>
  job.steps.flatMap((step) => (step.kind === 'run' ? [step.run] : []));

export const commandsOf = (job: PlannedJob) =>
  job.steps.flatMap((step) => (step.kind === 'command' ? [step.command.verb] : []));

/** What bash runs for each call of the pipeline command. */
export const commandLines = (job: PlannedJob) =>
  job.steps.flatMap((step) => (step.kind === 'command' ? [commandLine(step.command)] : []));

/** `scope: access` of each permission. */
export const permissionsOf = (job: PlannedJob) =>
  job.permissions.map(({ scope, access }) => `${scope}: ${access}`);

/** Actions at AWS that the steps of the jobs call. */
export const actionsOf = (jobs: readonly PlannedJob[]) =>
  [
    ...new Set(jobs.flatMap((job) => job.steps.flatMap((step) => step.calls.map(({ action }) => action)))),
  ].sort();
