import { accessTo } from '../claims/sign-in';
import type { Fault, WorkloadEntry } from '../../contract';
import type { Artefacts } from '../artefacts';
import { Deliveries, deploys, rollsBack, type TargetJob } from '../flow/deliveries';
import { jobGraph } from '../flow/job-graph';
import { placeOf } from '../flow/place';
import { mayFailInSilence } from '../flow/step-conditions';
import { runsAlone } from '../flow/verdict';
import { writtenOption } from '../flow/written-option';
import type { ProofResult } from '../proof';
import { unless, type Wrong, wrongAt } from '../wrong';
import { timingFaults } from './timing';

const ANEW = 'run `npx projen` to write the workflows anew';

const notifies = ({ use }: TargetJob): boolean => use.verb === 'notify';

/** A change of a target that people must hear of, and the jobs that tell them. */
export interface Told {
  /** The deployment; by hand, the way back. */
  readonly change: TargetJob;
  /** The way back of the same run. */
  readonly back?: TargetJob;
  readonly workload: WorkloadEntry;
}

/**
 * People hear of each deployment, and of each way back by hand, of a workload with notices: from a job that runs however
 * it ended, waits for nobody, and that no deployment waits for. Nobody else is told anything.
 */
export function notifyFaults(artefacts: Artefacts): ProofResult {
  const told = toldOf(artefacts);
  const all = Deliveries.of(artefacts).all.filter(notifies);
  const idle = all.filter(
    (one) => !told.some((each) => isOf(each, one) && one.job.needs.includes(each.change.job.id)),
  );
  return {
    checked: told.length * 8 + all.length,
    findings: [
      ...told.flatMap((one) => toldFaults(artefacts, one)),
      ...idle.flatMap(({ workflow, job, use, environment }) =>
        wrongAt(placeOf(workflow, job), ANEW, [
          [
            `news of ${use.workload ?? ''} in ${environment}, behind no job that changes it`,
            'a workload with notices, behind its deployment or its way back',
          ],
        ]),
      ),
    ],
  };
}

/** Changes that a run makes: each deployment, and the way back where a file has no deployment of the target. */
function toldOf(artefacts: Artefacts): readonly Told[] {
  const deliveries = Deliveries.of(artefacts);
  return artefacts.workflows.flatMap((workflow) => {
    const here = deliveries.in(workflow);
    const changes = here.filter((one) => deploys(one) || rollsBack(one));
    const jobs = [...new Set(changes.map(({ job }) => job))].flatMap(
      (job) => changes.find((one) => one.job === job) ?? [],
    );
    return jobs.flatMap((change): readonly Told[] => {
      const workload = deliveries.workloadOf(change.use);
      if (!workload || workload.notices.length === 0) return [];
      const same = (one: TargetJob): boolean =>
        one.use.workload === change.use.workload && one.environment === change.environment;
      // A way back behind a deployment is told together with it.
      if (!deploys(change) && jobs.some((one) => deploys(one) && same(one))) return [];
      const back = jobs.find((one) => one !== change && rollsBack(one) && same(one));
      return [{ change, workload, ...(deploys(change) && back && { back }) }];
    });
  });
}

const isOf = ({ change }: Told, one: TargetJob): boolean =>
  one.workflow === change.workflow &&
  one.use.workload === change.use.workload &&
  one.environment === change.environment;

function toldFaults(artefacts: Artefacts, told: Told): readonly Fault[] {
  const { change } = told;
  const { workflow, job, use, environment } = change;
  const jobs = Deliveries.of(artefacts)
    .in(workflow)
    .filter((one) => notifies(one) && isOf(told, one) && one.job.needs.includes(job.id));
  const [one] = jobs;
  if (!one || jobs.length > 1) {
    return wrongAt(placeOf(workflow, job), ANEW, [
      [
        `${jobs.length} jobs that tell people of ${use.workload ?? ''} in ${environment}`,
        `one that needs ${job.id} and runs \`notify\`: the workload has notices`,
      ],
    ]);
  }
  return [
    ...wrongAt(placeOf(workflow, one.job), ANEW, [
      ...environmentFaults(artefacts, one),
      ...needsFaults(artefacts, told, one),
      ...unless(
        accessTo('actions', workflow, one.job) === 'read',
        `actions: ${accessTo('actions', workflow, one.job)}`,
        'actions: read, by which it knows how the run before ended',
      ),
      ...timingFaults(artefacts, told, one),
    ]),
    ...wrongAt(placeOf(workflow, one.job, one.use.step), ANEW, stepFaults(told, one)),
  ];
}

/** Bad news waits for no approval. */
function environmentFaults({ manifest }: Artefacts, { job, environment }: TargetJob): readonly Wrong[] {
  const entry = manifest.environments.find(({ name }) => name === environment);
  const wanted = entry?.rollbackEnvironment;
  const waits =
    job.environment === entry?.name &&
    entry !== undefined &&
    (entry.protection.reviewers.length > 0 || entry.protection.waitMinutes > 0);
  return unless(
    job.environment === wanted && !waits,
    `environment: ${job.environment ?? 'none'}${waits ? ', which waits' : ''}`,
    `${wanted ?? environment}, which waits for nobody and holds the secrets`,
  );
}

/** It knows how deployment and way back ended, and nothing waits for it. */
function needsFaults(
  artefacts: Artefacts,
  { change, back }: Told,
  { job, workflow }: TargetJob,
): readonly Wrong[] {
  const { ancestors } = jobGraph(workflow);
  const waiting = Deliveries.of(artefacts)
    .in(workflow)
    .filter((one) => !notifies(one) && ancestors.get(one.job.id)?.has(job.id));
  const wanted = [change.job.id, ...(back ? [back.job.id] : [])];
  return [
    ...unless(
      wanted.every((id) => job.needs.includes(id)),
      `needs: ${job.needs.join(', ')}`,
      wanted.join(', '),
    ),
    ...unless(
      waiting.length === 0,
      `${waiting.map((one) => one.job.id).join(', ')} behind it`,
      'deployments that wait for no news',
    ),
  ];
}

function stepFaults({ change, back, workload }: Told, { workflow, job, use }: TargetJob): readonly Wrong[] {
  const result = (id: string): string => `\${{ needs.${id}.result }}`;
  const wanted: Readonly<Record<string, string | undefined>> = deploys(change)
    ? { deployment: result(change.job.id), rollback: back && result(back.job.id) }
    : { deployment: undefined, rollback: result(change.job.id) };
  // Mail needs a session, and who cannot sign in tells the others all the same.
  const condition = workload.notices.some(({ channel }) => channel === 'email') ? '!cancelled()' : undefined;
  return [
    ...Object.entries(wanted).flatMap(([name, value]) =>
      unless(
        writtenOption(workflow, job, use, name) === value,
        `--${name} ${writtenOption(workflow, job, use, name) ?? 'nothing'}`,
        value ?? `no --${name}`,
      ),
    ),
    ...unless(
      use.step.env.GITHUB_TOKEN === '${{ github.token }}',
      `GITHUB_TOKEN: ${use.step.env.GITHUB_TOKEN ?? 'none'}`,
      'the token of the job',
    ),
    ...unless(
      runsAlone(use.step),
      JSON.stringify((use.step.run ?? '').trim()),
      '`exec` and the command alone: its exit code is that of the step',
    ),
    ...unless(
      use.step.condition === condition && !mayFailInSilence(job, use.step),
      mayFailInSilence(job, use.step) ? 'continue-on-error' : `if: ${use.step.condition ?? 'none'}`,
      condition === undefined
        ? 'a step without condition: news that did not get through is red'
        : `if: ${condition}, for the channels that need no session of AWS`,
    ),
  ];
}
