import type { Fault } from '../../contract';
import type { Artefacts, Job, Step, Workflow } from '../artefacts';
import { glob } from '../iam';
import type { ProofResult } from '../proof';
import { jobGraph } from './job-graph';
import { matrixOf } from './matrix';
import { placeOf } from './place';

const UPLOAD = 'actions/upload-artifact';
const DOWNLOAD = 'actions/download-artifact';
/** What the action takes where a step does not say. */
const USUAL_NAME = 'artifact';

interface Use {
  readonly job: Job;
  readonly step: Step;
  readonly name: string;
}

/**
 * Artifacts by their names: each is kept once in a run, for a second one of the name is refused, also by another job of a
 * matrix, and each that is fetched was kept by a job before.
 *
 * @see https://github.com/actions/upload-artifact#not-uploading-to-the-same-artifact
 */
export function artifactFaults({ workflows }: Artefacts): ProofResult {
  const parts = workflows.map((workflow) => {
    const kept = usesOf(workflow, UPLOAD);
    const fetched = usesOf(workflow, DOWNLOAD);
    return {
      checked: kept.length + fetched.length,
      findings: [
        ...twice(workflow, kept),
        ...kept.flatMap((one) => ofEveryCombination(workflow, one)),
        ...unknown(workflow, kept, fetched),
        ...unmatched(workflow, kept, fetched),
      ],
    };
  });
  return {
    checked: parts.reduce((sum, { checked }) => sum + checked, 0),
    findings: parts.flatMap(({ findings }) => findings),
  };
}

const usesOf = ({ jobs }: Workflow, action: string): readonly Use[] =>
  jobs.flatMap((job) =>
    job.steps
      .filter(({ uses }) => uses?.action === action)
      .map((step) => ({ job, step, name: step.with.name ?? USUAL_NAME })),
  );

const twice = (workflow: Workflow, kept: readonly Use[]): readonly Fault[] =>
  kept
    .filter((one, index) => kept.findIndex(({ name }) => name === one.name) < index)
    .map(({ job, step, name }) => ({
      place: placeOf(workflow, job, step),
      value: `the artifact ${name}, which ${kept.find((one) => one.name === name)?.job.id ?? ''} keeps too`,
      allowed: 'a name of its own: GitHub refuses a second artifact of the same name',
      change: 'name the artifact after what is in it',
    }));

const unknown = (workflow: Workflow, kept: readonly Use[], fetched: readonly Use[]): readonly Fault[] =>
  fetched
    // All artifacts of the run, or of another one, which is a finding of its own.
    .filter(({ step }) => step.with.name !== undefined && step.with['run-id'] === undefined)
    .filter(
      ({ job, name }) =>
        !kept.some((one) => one.name === name && jobGraph(workflow).ancestors.get(job.id)?.has(one.job.id)),
    )
    .map(({ job, step, name }) => ({
      place: placeOf(workflow, job, step),
      value: `the artifact ${name}`,
      allowed: `what a job before ${job.id} keeps: ${kept.map((one) => one.name).join(', ') || 'nothing'}`,
      change: `keep it in a job that ${job.id} needs, or correct the name`,
    }));

/** An artifact of a job with a matrix, whose name does not tell its combination from the others. */
function ofEveryCombination(workflow: Workflow, { job, step, name }: Use): readonly Fault[] {
  const axes = Object.entries(matrixOf(job)?.axes ?? {}).filter(([, values]) => values.length > 1);
  const missing = axes.map(([axis]) => axis).filter((axis) => !hasExpression(name, `matrix.${axis}`));
  if (missing.length === 0 || hasExpression(name, 'strategy.job-index')) return [];
  return [
    {
      place: placeOf(workflow, job, step),
      value: `the artifact ${name}, which each ${missing.join(' and ')} keeps`,
      allowed: 'a name that holds every axis: GitHub refuses a second artifact of the same name',
      change: `name the artifact after ${missing.map((axis) => `matrix.${axis}`).join(' and ')} too`,
    },
  ];
}

const hasExpression = (text: string, path: string): boolean =>
  new RegExp(`\\$\\{\\{\\s*${path.replaceAll('.', '\\.')}\\s*\\}\\}`).test(text);

/** What is fetched by a pattern that no artifact of a job before has. */
const unmatched = (workflow: Workflow, kept: readonly Use[], fetched: readonly Use[]): readonly Fault[] =>
  fetched
    .filter(({ step }) => step.with.pattern !== undefined && step.with['run-id'] === undefined)
    .filter(({ job, step }) => {
      const before = jobGraph(workflow).ancestors.get(job.id);
      const fits = glob(step.with.pattern ?? '');
      return !kept.some((one) => before?.has(one.job.id) === true && fits(sampleOf(one.name)));
    })
    .map(({ job, step }) => ({
      place: placeOf(workflow, job, step),
      value: `artifacts by the pattern ${step.with.pattern ?? ''}`,
      allowed: `what a job before ${job.id} keeps: ${kept.map(({ name }) => name).join(', ') || 'nothing'}`,
      change: 'correct the pattern',
    }));

/** A name with a word in place of each expression. */
const sampleOf = (name: string): string => name.replace(/\$\{\{[^}]*\}\}/g, 'x');
