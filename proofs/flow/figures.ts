import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import { accessTo } from '../claims/sign-in';
import type { ProofResult } from '../proof';
import { unless, wrongAt } from '../wrong';
import { commandsOf } from './commands';
import { placeOf } from './place';
import { mayFailInSilence } from './step-conditions';
import { runsAlone } from './verdict';

const ANEW = 'run `npx projen` to write the workflows anew';
/** What starts the count. */
const STARTS = ['schedule', 'workflow_dispatch'];

/** The figures of all deliveries are counted once for the repository, every week and when somebody asks. */
export function figureFaults({ workflows, manifest }: Artefacts): ProofResult {
  const jobs = workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      commandsOf(job)
        .filter(({ verb }) => verb === 'metrics')
        .map((use) => ({ workflow, job, use })),
    ),
  );
  const [one] = jobs;
  if (manifest.workloads.length === 0) return { checked: 0, findings: [] };
  if (!one || jobs.length > 1) {
    return {
      checked: 1,
      findings: wrongAt('.github/workflows', ANEW, [
        [`${jobs.length} jobs that count deliveries`, 'one, which runs `metrics` for all workloads'],
      ]),
    };
  }
  const { workflow, job, use } = one;
  const events = workflow.triggers.map(({ event }) => event).toSorted();
  const findings: readonly Fault[] = [
    ...wrongAt(
      workflow.file,
      ANEW,
      unless(events.join() === STARTS.join(), events.join(', '), STARTS.join(', ')),
    ),
    ...wrongAt(placeOf(workflow, job), ANEW, [
      ...unless(
        accessTo('actions', workflow, job) === 'read',
        `actions: ${accessTo('actions', workflow, job)}`,
        'actions: read, by which it reads the runs',
      ),
      ...unless(job.condition === undefined, `if: ${job.condition ?? ''}`, 'a job without condition'),
    ]),
    ...wrongAt(placeOf(workflow, job, use.step), ANEW, [
      ...unless(
        use.step.env.GITHUB_TOKEN === '${{ github.token }}',
        `GITHUB_TOKEN: ${use.step.env.GITHUB_TOKEN ?? 'none'}`,
        'the token of the job',
      ),
      ...unless(
        runsAlone(use.step) && use.step.condition === undefined && !mayFailInSilence(job, use.step),
        JSON.stringify((use.step.run ?? '').trim()),
        '`exec` and the command alone, without condition',
      ),
    ]),
  ];
  return { checked: 6, findings };
}
