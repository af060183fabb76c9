import type { Fault, TargetEntry } from '../../contract';
import type { Artefacts, Job, Step, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { checkedQualityOf, checkWorkflowOf } from './checks/checks';
import { type CommandUse, commandsOf, commandsOfStep } from './commands';
import { jobGraph } from './job-graph';
import { type Occurrence, occurrencesOf } from './occurrences';
import { placeOf } from './place';
import { simulationsOf } from './simulation';
import { mayFailInSilence, whyLeftOut } from './step-conditions';
import { templatesFaults } from './templates-artifact';
import { runsAlone } from './verdict';

const SIGN_IN = 'aws-actions/configure-aws-credentials';
/** What an inspection does, in this order. */
const VERBS = ['identity', 'diff'] as const;

/**
 * The check of a workload must, on each push of the default branch and at no other time, look at each of its
 * environments: sign in, prove who it is, and compare the templates of the commit with what is deployed.
 */
export function inspectionFaults(artefacts: Artefacts): ProofResult {
  const { manifest } = artefacts;
  const targets = manifest.workloads
    .filter((workload) => checkedQualityOf(workload) !== undefined)
    .flatMap((workload) => {
      const workflow = checkWorkflowOf(artefacts, workload);
      // A file that is not there is a finding of its own.
      return workflow
        ? manifest.targets
            .filter((one) => one.workload === workload.id)
            .map((target) => ({ workflow, target }))
        : [];
    });
  return {
    checked: targets.length * VERBS.length,
    findings: targets.flatMap(({ workflow, target }) => faultsOf(artefacts, workflow, target)),
  };
}

interface Inspection {
  readonly job: Job;
  readonly use: CommandUse;
}

function faultsOf(artefacts: Artefacts, workflow: Workflow, target: TargetEntry): readonly Fault[] {
  const uses = workflow.jobs.flatMap((job) =>
    commandsOf(job)
      .filter(
        ({ workload, options }) => workload === target.workload && options.environment === target.environment,
      )
      .map((use) => ({ job, use })),
  );
  const pushes = occurrencesOf(workflow, artefacts.manifest).filter(
    ({ ref }) => ref === `refs/heads/${artefacts.manifest.repository.defaultBranch}`,
  );
  return VERBS.flatMap((verb): readonly Fault[] => {
    const found = uses.filter(({ use }) => use.verb === verb);
    if (found.length === 0) return [neverInspected(workflow, target, verb)];
    return found.flatMap((one) => [
      ...stepFaults(workflow, one, pushes),
      ...(verb === 'identity'
        ? roleFaults(artefacts, workflow, one, target)
        : templatesFaults(workflow, one.job, one.use, pushes)),
    ]);
  });
}

const neverInspected = (workflow: Workflow, target: TargetEntry, verb: string): Fault => ({
  place: workflow.file,
  value: `no job runs \`${verb} ${target.workload} --environment ${target.environment}\``,
  allowed: `${VERBS.join(' and ')} for each environment, on each push`,
  change: 'run `npx projen` to write the workflows anew',
});

/** A step that may be left out, or that is green whatever it finds. */
function stepFaults(
  workflow: Workflow,
  { job, use: { step, verb } }: Inspection,
  pushes: readonly Occurrence[],
): readonly Fault[] {
  const place = placeOf(workflow, job, step);
  const fault = (value: string, change: string): Fault => ({
    place,
    value,
    allowed: `\`${verb}\` on each push of the default branch, with its own exit code`,
    change,
  });
  const [why] = pushes.flatMap((one) => whyLeftOut(job, step, one) ?? []);
  const skipped = pushes.find((one) => !alwaysRuns(workflow, job, one));
  return [
    ...(why === undefined ? [] : [fault(`if: ${why}`, 'remove the condition of the step')]),
    ...(skipped ? [fault(`${skipped.name} skips ${job.id}`, `mend condition and needs of ${job.id}`)] : []),
    ...(mayFailInSilence(job, step) ? [fault('continue-on-error', 'remove continue-on-error')] : []),
    ...(runsAlone(step)
      ? []
      : [fault(JSON.stringify((step.run ?? '').trim()), 'let the step run the command and nothing else')]),
  ];
}

function alwaysRuns(workflow: Workflow, job: Job, occurrence: Occurrence): boolean {
  const graph = jobGraph(workflow);
  // What cannot be followed is a finding of its own.
  if (graph.faults.length > 0) return true;
  const simulations = simulationsOf(graph, occurrence);
  return 'fault' in simulations || simulations.every((one) => one.green()[job.id] === 'success');
}

/** `identity` must ask for the role that the job signs in to, and the job must sign in before. */
function roleFaults(
  { manifest }: Artefacts,
  workflow: Workflow,
  { job, use }: Inspection,
  target: TargetEntry,
): readonly Fault[] {
  const expected = manifest.roles.find(({ id }) => id === target.inspection?.role);
  const assumed = signInBefore(job, use.step)?.with['role-to-assume'];
  const asked = use.options.role ?? 'inspect';
  if (expected && assumed === expected.arn && asked === 'inspect') return [];
  return [
    {
      place: placeOf(workflow, job, use.step),
      value: `asks for the role ${String(asked)} with a session of ${assumed ?? 'nobody'}`,
      allowed: expected
        ? `the session of ${expected.arn}, and no --role or --role inspect`
        : `an inspection of ${target.id} in the manifest`,
      change: 'sign in to the role that looks at the environment, or run `npx projen`',
    },
  ];
}

const signInBefore = ({ steps }: Job, step: Step): Step | undefined =>
  steps.slice(0, steps.indexOf(step)).findLast(({ uses }) => uses?.action === SIGN_IN);

/** Whether a step of the command is an inspection, which looks at no target and changes none. */
export const inspects = (step: Step): boolean =>
  commandsOfStep(step).every(({ verb }) => VERBS.some((one) => one === verb));
