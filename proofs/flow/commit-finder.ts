import type { Fault, WorkloadEntry } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { type CommandUse, commandsOf } from './commands';
import { placeOf } from './place';
import { mayFailInSilence } from './step-conditions';
import { runsAlone } from './verdict';
import { isInput, writtenOption } from './written-option';

/** The step that finds the image of the commit that somebody names, and the job of it. */
export interface Finder {
  readonly job: Job;
  readonly use: CommandUse;
  /** Name of the input. */
  readonly input: string;
}

const FIND = 'image find';
export const CHANGE = 'run `npx projen`, so that a commit leads to the image that was built of it';

/** A finding of what should lead from a commit to its image. */
export const commitFault = (place: string, value: string, allowed: string): Fault => ({
  place,
  value,
  allowed,
  change: CHANGE,
});

/** Steps of a job that look for the image of an input. */
export function findersIn(workflow: Workflow, job: Job, { images }: WorkloadEntry): readonly Finder[] {
  return commandsOf(job).flatMap((use) => {
    if (use.verb !== FIND || !images.includes(use.workload ?? '')) return [];
    const input = inputOf(writtenOption(workflow, job, use, 'commit'));
    return input === undefined ? [] : [{ job, use, input }];
  });
}

const inputOf = (text: string | undefined): string | undefined =>
  text !== undefined && isInput(text) ? /inputs\.([\w-]+)/.exec(text)?.[1] : undefined;

/** The step must fail where there is no image, and whoever names a revision too must be refused before it. */
export function finderFaults(workflow: Workflow, { job, use, input }: Finder): readonly Fault[] {
  const place = placeOf(workflow, job, use.step);
  const before = job.steps.slice(0, job.steps.indexOf(use.step));
  const refused = revisionInputs(workflow).filter(
    (name) => !before.some((step) => refusesInput(job, step, name)),
  );
  return [
    ...(use.options.required === true
      ? []
      : [commitFault(place, 'no --required', '--required: without an image there is nothing to go back to')]),
    ...(runsAlone(use.step) && use.step.condition === undefined && !mayFailInSilence(job, use.step)
      ? []
      : [
          commitFault(
            place,
            JSON.stringify((use.step.run ?? '').trim()),
            'the command alone and unconditioned: its exit code is that of the job',
          ),
        ]),
    ...refused.map((name) =>
      commitFault(
        placeOf(workflow, job),
        `${input} and ${name} may be given together`,
        `a step before it that ends the job when ${name} is not empty`,
      ),
    ),
  ];
}

/** Inputs that name a revision. */
export function revisionInputs(workflow: Workflow): readonly string[] {
  const names = workflow.jobs.flatMap((job) =>
    commandsOf(job).flatMap((use) => inputOf(writtenOption(workflow, job, use, 'revision')) ?? []),
  );
  return [...new Set(names)];
}

/** A script that ends with a failure when a variable is not empty, and does nothing else. */
const REFUSAL = /^if \[\[ -n "\$(\w+)" \]\]; then\n(?:\s*echo "[^"`\n]*"\n)*\s*exit [1-9]\d*\nfi$/;

function refusesInput(job: Job, step: Step, name: string): boolean {
  const variable = REFUSAL.exec((step.run ?? '').trim())?.[1];
  if (variable === undefined || step.condition !== undefined || mayFailInSilence(job, step)) return false;
  return inputOf(step.env[variable]) === name;
}
