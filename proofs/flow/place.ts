import type { Job, Step, Workflow } from '../artefacts';

/** Where something stands in a workflow: `file:line job/step`. */
export function placeOf(workflow: Workflow, job?: Job, step?: Step): string {
  const line = step?.line ?? job?.line;
  const file = line === undefined ? workflow.file : `${workflow.file}:${line}`;
  if (!job) return file;
  return step ? `${file} ${job.id}/${labelOf(job, step)}` : `${file} ${job.id}`;
}

const labelOf = (job: Job, step: Step): string =>
  step.id ?? step.name ?? `step ${job.steps.indexOf(step) + 1}`;
