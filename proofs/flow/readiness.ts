import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import { Deliveries, groupOf, type TargetJob } from './deliveries';
import { occurrencesOf } from './occurrences';
import { placeOf } from './place';
import { mayFailInSilence, whyLeftOut } from './step-conditions';

const SIGN_IN = 'aws-actions/configure-aws-credentials';

/** Whether a rollback, once it starts, can do its work: signed in, waiting for nobody, not left out. */
export function readinessFaults(
  artefacts: Artefacts,
  deployment: TargetJob,
  way: TargetJob,
): readonly Fault[] {
  return [
    ...signInFaults(way),
    ...environmentFaults(artefacts, way),
    ...queueFaults(artefacts, way),
    ...stepFaults(artefacts, deployment, way),
  ];
}

function signInFaults({ workflow, job, use }: TargetJob): Fault[] {
  const before = job.steps.slice(0, job.steps.indexOf(use.step));
  const signIn = before.find(({ uses }) => uses?.action === SIGN_IN);
  if (signIn && signIn.condition === undefined) return [];
  return [
    {
      place: placeOf(workflow, job, use.step),
      value: signIn ? `a sign-in that runs only if ${signIn.condition ?? ''}` : 'no sign-in before it',
      allowed: `a step ${SIGN_IN} before the rollback, without condition: each job starts without a session`,
      change: `sign in at the start of ${job.id}`,
    },
  ];
}

/** A way back goes through the environment that the manifest keeps for it, which waits for nobody. */
function environmentFaults({ manifest }: Artefacts, { workflow, job, target }: TargetJob): Fault[] {
  const declared = manifest.environments.find(({ name }) => name === target?.environment);
  if (!declared || job.environment === declared.rollbackEnvironment) return [];
  return [
    {
      place: placeOf(workflow, job),
      value: `environment: ${job.environment ?? 'none'}`,
      allowed: `${declared.rollbackEnvironment}, which waits for no approval and whose role may roll back ${declared.name}`,
      change: `name the environment ${declared.rollbackEnvironment} in ${job.id}`,
    },
  ];
}

/** A job that waits for approval holds its group already, so a way back must not stand behind one. */
function queueFaults(artefacts: Artefacts, { workflow, job }: TargetJob): Fault[] {
  const group = groupOf(job);
  const first = group === undefined ? undefined : Deliveries.of(artefacts).holding(group);
  if (group === undefined || !first) return [];
  return [
    {
      place: placeOf(workflow, job),
      value: `the concurrency group ${group}, which ${first.job.id} of ${first.workflow.file} holds too`,
      allowed: 'a group of its own: a deployment that waits for approval would keep it waiting',
      change: `give ${job.id} another group`,
    },
  ];
}

function stepFaults(
  { manifest }: Artefacts,
  deployment: TargetJob,
  { workflow, job, use }: TargetJob,
): Fault[] {
  const place = placeOf(workflow, job, use.step);
  const reasons = occurrencesOf(deployment.workflow, manifest).flatMap(
    (occurrence) => whyLeftOut(job, use.step, occurrence) ?? [],
  );
  const leftOut = reasons.slice(0, 1).map((why) => ({
    place,
    value: `if: ${why}`,
    allowed: 'a rollback that runs whenever its job does',
    change: 'put the condition on the job, or remove it',
  }));
  if (!mayFailInSilence(job, use.step)) return leftOut;
  const silent = {
    place,
    value: 'continue-on-error',
    allowed: 'a rollback whose failure is seen',
    change: 'remove continue-on-error',
  };
  return [...leftOut, silent];
}
