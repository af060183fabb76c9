import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import { placeOf } from '../flow/place';
import type { ProofResult } from '../proof';
import { unless, wrongAt } from '../wrong';
import { checkJobs, RUN } from './jobs';

const TIMEOUT = 'timeout-minutes';

/** Longest that the command takes around its task, in minutes: stopping it, asking for its logs, taking its definition back. */
const AROUND_THE_TASK = 5;

/** Longest that building an image on CUDA and pushing it may take, in minutes, before the task is asked for. */
const BUILDING = 15;

/**
 * A task has as long as the manifest gives it: its job does not end before, for then nobody would stop the task. What
 * ends the step ends it, and what ends the job.
 */
export function checkTimes(artefacts: Artefacts): ProofResult {
  const jobs = checkJobs(artefacts, RUN);
  return {
    checked: jobs.length * 2,
    findings: jobs.flatMap(({ entry, workflow, job, use }): readonly Fault[] => {
      const inStep = entry.taskTimeoutMinutes + AROUND_THE_TASK;
      const inJob = inStep + BUILDING;
      const ofStep = use.step.raw[TIMEOUT];
      const given = job.timeoutMinutes ?? 0;
      return [
        ...wrongAt(
          placeOf(workflow, job),
          `raise ${TIMEOUT} of ${job.id} and its session, or shorten taskTimeout in the platform file`,
          unless(
            given >= inJob,
            `${TIMEOUT}: ${given}`,
            `at least ${inJob} minutes: ${BUILDING} to build, ${entry.taskTimeoutMinutes} for the task, ${AROUND_THE_TASK} around it`,
          ),
        ),
        ...wrongAt(
          placeOf(workflow, job, use.step),
          `remove ${TIMEOUT} from the step: that of ${job.id} ends it too`,
          unless(
            ofStep === undefined || (typeof ofStep === 'number' && ofStep >= inStep),
            `${TIMEOUT}: ${String(ofStep)}`,
            `at least ${inStep} minutes`,
          ),
        ),
      ];
    }),
  };
}
