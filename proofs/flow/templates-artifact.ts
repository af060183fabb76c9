import type { Fault } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import type { CommandUse } from './commands';
import { jobGraph } from './job-graph';
import type { Occurrence } from './occurrences';
import { placeOf } from './place';
import { mayFailInSilence, whyLeftOut } from './step-conditions';
import { writtenOption } from './written-option';

const UPLOAD = 'actions/upload-artifact';
const DOWNLOAD = 'actions/download-artifact';
/** Where the synthesis leaves templates, and nothing else that is kept of it. */
const TEMPLATES = 'cdk.out/*.template.json';
const SYNTHESIS = /^npx cdk synth\b/;

/**
 * Whether `diff` compares the templates that this run synthesized: a job before it keeps them, and this one fetches
 * them to the folder that the command reads.
 */
export function templatesFaults(
  workflow: Workflow,
  job: Job,
  use: CommandUse,
  pushes: readonly Occurrence[],
): readonly Fault[] {
  const folder = writtenOption(workflow, job, use, 'templates');
  const before = job.steps.slice(0, job.steps.indexOf(use.step));
  const fetched = before.find(
    ({ uses, with: inputs, condition }) =>
      uses?.action === DOWNLOAD && inputs.path === folder && condition === undefined,
  );
  const place = placeOf(workflow, job, use.step);
  if (folder === undefined || !fetched) {
    return [
      {
        place,
        value: `--templates ${folder ?? 'nothing'}, which no step before it fetches`,
        allowed: `the folder in which ${DOWNLOAD} puts the templates of the run`,
        change: 'fetch the artifact of the templates to that folder',
      },
    ];
  }
  const name = fetched.with.name ?? '';
  const ancestors = jobGraph(workflow).ancestors.get(job.id);
  const kept = workflow.jobs
    .filter(({ id }) => ancestors?.has(id))
    .some((other) => other.steps.some((step) => keeps(other, step, name, pushes)));
  if (kept) return [];
  return [
    {
      place: placeOf(workflow, job, fetched),
      value: `the artifact ${name || 'of any name'}`,
      allowed: `templates that a job which ${job.id} needs has synthesized and kept: ${TEMPLATES}, with if-no-files-found: error`,
      change: 'keep the templates behind `npx cdk synth`, on every push',
    },
  ];
}

/** A step that keeps the templates behind their synthesis, whatever push it is. */
function keeps(job: Job, step: Step, name: string, pushes: readonly Occurrence[]): boolean {
  const { uses, with: inputs } = step;
  const synthesized = job.steps
    .slice(0, job.steps.indexOf(step))
    .some(({ run = '' }) => SYNTHESIS.test(run.trim()));
  return (
    uses?.action === UPLOAD &&
    inputs.name === name &&
    inputs.path === TEMPLATES &&
    inputs['if-no-files-found'] === 'error' &&
    synthesized &&
    !mayFailInSilence(job, step) &&
    pushes.every((one) => whyLeftOut(job, step, one) === undefined)
  );
}
