import type { Fault } from '../../contract';
import type { Artefacts, Job, Step, Workflow } from '../artefacts';
import type { IamReference } from '../iam';
import type { StepCall } from './call';
import { type Session, sessionOf } from './session';
import { placeOf, stepCalls } from './step-calls';

/** What one step calls, with the session that it has. */
export interface CallingStep {
  readonly workflow: Workflow;
  readonly job: Job;
  readonly step: Step;
  /** `file:line job/step`. */
  readonly place: string;
  readonly session?: Session;
  readonly calls: readonly StepCall[];
  readonly faults: readonly Fault[];
}

/** A step that opens a session. */
export interface SignIn {
  readonly place: string;
  readonly job: Job;
  readonly session: Session;
}

export interface JobCalls {
  readonly steps: readonly CallingStep[];
  readonly signIns: readonly SignIn[];
}

const known = new WeakMap<Artefacts, JobCalls>();

/** The calls of every step of every workflow, in the order of the files. Read once for all proofs. */
export function jobCalls(artefacts: Artefacts, reference: IamReference): JobCalls {
  const before = known.get(artefacts);
  if (before) return before;
  const steps: CallingStep[] = [];
  const signIns: SignIn[] = [];
  for (const workflow of artefacts.workflows) {
    for (const job of workflow.jobs) {
      let session: Session | undefined;
      const signsIn = job.steps.some((step) => sessionOf(step, '') !== undefined);
      for (const step of job.steps) {
        const place = placeOf(workflow, job, step);
        const opened = sessionOf(step, place);
        if (opened) {
          session = opened;
          signIns.push({ place, job, session });
        }
        const around = { manifest: artefacts.manifest, reference, signsIn, ...(session && { session }) };
        const { calls, faults } = stepCalls(step, job, workflow, around);
        if (calls.length > 0 || faults.length > 0) {
          steps.push({ workflow, job, step, place, calls, faults, ...(session && { session }) });
        }
      }
    }
  }
  const found = { steps, signIns };
  known.set(artefacts, found);
  return found;
}
