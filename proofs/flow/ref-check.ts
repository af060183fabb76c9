import type { Fault } from '../../contract';
import type { Artefacts, Job, Step, Workflow } from '../artefacts';
import type { ProofResult } from '../proof';
import { Deliveries } from './deliveries';
import { jobGraph } from './job-graph';
import { placeOf } from './place';
import { LOGIN } from './registry-login';
import { mayFailInSilence } from './step-conditions';

/** Actions by which a job gets what others must not have: a session of AWS, a token of a registry. */
const SIGN_INS: ReadonlySet<string> = new Set(['aws-actions/configure-aws-credentials', LOGIN]);
/** Refs that go on, and an end that is none for all others. */
const CHECK =
  /^case "\$GITHUB_REF" in\n\s*([^\n()]+)\) ;;\n\s*\*\)\n(?:\s*echo "[^"`\n]*"\n)*\s*exit [1-9]\d*\n\s*;;\nesac$/;

/**
 * People can start a workflow on any ref. A GitHub environment refuses those that may not be deployed; a job that
 * signs in without one must find out itself, or wait for a job that does.
 *
 * @see https://docs.github.com/en/actions/how-tos/manage-workflow-runs/manually-run-a-workflow
 */
export function refCheckFaults(artefacts: Artefacts): ProofResult {
  const open = artefacts.workflows
    .filter(({ triggers }) => triggers.some(({ event }) => event === 'workflow_dispatch'))
    .flatMap((workflow) =>
      workflow.jobs.flatMap((job) => {
        const signIn = job.steps.find(({ uses }) => SIGN_INS.has(uses?.action.toLowerCase() ?? ''));
        return signIn && job.environment === undefined ? [{ workflow, job, signIn }] : [];
      }),
    );
  const findings = open.flatMap(({ workflow, job, signIn }): Fault[] => {
    const allowed = refsOf(artefacts, workflow);
    const before = workflow.jobs.filter(({ id }) => jobGraph(workflow).ancestors.get(job.id)?.has(id));
    const isChecked =
      job.steps.slice(0, job.steps.indexOf(signIn)).some((step) => refuses(job, step, allowed)) ||
      before.some((other) => other.steps.some((step) => refuses(other, step, allowed)));
    if (isChecked) return [];
    return [
      {
        place: placeOf(workflow, job, signIn),
        value: 'a sign-in on whatever ref somebody starts the workflow',
        allowed: `a step before it, or a job before it, that ends on every ref but ${[...allowed].join(', ')}`,
        change: 'write the step that refuses other refs, or run `npx projen`',
      },
    ];
  });
  return { checked: open.length, findings };
}

/** Refs that the manifest promises to deliver from. */
function refsOf(artefacts: Artefacts, workflow: Workflow): ReadonlySet<string> {
  const deliveries = Deliveries.of(artefacts);
  const tags = deliveries.in(workflow).flatMap(({ use }) => deliveries.workloadOf(use)?.releaseTags ?? []);
  return new Set([
    `refs/heads/${artefacts.manifest.repository.defaultBranch}`,
    ...tags.map((tag) => `refs/tags/${tag}`),
  ]);
}

/** Whether a step ends its job on every other ref, whatever else is true. */
function refuses(job: Job, step: Step, allowed: ReadonlySet<string>): boolean {
  const [, patterns] = CHECK.exec((step.run ?? '').trim()) ?? [];
  if (patterns === undefined || step.condition !== undefined || mayFailInSilence(job, step)) return false;
  return patterns.split('|').every((pattern) => allowed.has(pattern.trim().replace(/^(['"])(.*)\1$/, '$2')));
}
