import type { PlannedJob } from '../../workflows';
import { releasedTo } from './beginnings';
import { expectation, type RehearsedWorkflow, scenario, type ScenarioOptions } from './compose';
import { commitOf } from './requests';
import type { Expectation, Scenario } from './scenario';
import type { ShapeStage } from './shape';

/** A stage of a workflow that leads back, with the job that looks for the image of a commit. */
interface Led extends ShapeStage {
  readonly rollback: PlannedJob;
  readonly find: PlannedJob;
}

/** Digits that a commit is named by at least. */
const SHORT = 12;
/** Longer than AWS keeps what it remembers of deployments. */
const LONG_AGO_DAYS = 100;

/** Ways back to a commit. They begin where two versions were delivered one after the other. */
export function commitScenarios(workflow: RehearsedWorkflow): readonly Scenario[] {
  const { stages, workload } = workflow.shape;
  if (workload?.rollbackByCommit !== true) return [];
  const led = stages.flatMap((stage) => ledBy(workflow, stage));
  return [
    ...led.flatMap((stage) => [
      goesBack(workflow, stage),
      goesBackLongAgo(workflow, stage),
      neverRan(workflow, stage),
    ]),
    ...led.slice(0, 1).flatMap((stage) => refused(workflow, stage)),
  ];
}

/** @returns nothing for a way back that needs no other job: its workflow finds no image */
function ledBy({ shape: { plan } }: RehearsedWorkflow, stage: ShapeStage): readonly Led[] {
  const { rollback } = stage;
  const find = plan.jobs.find(({ id }) => rollback?.needs.includes(id));
  return rollback && find ? [{ ...stage, rollback, find }] : [];
}

function goesBack(workflow: RehearsedWorkflow, stage: Led): Scenario {
  const { environment } = stage;
  const title = 'somebody goes back to the commit before, whose image is found by its tag';
  return byCommit(workflow, stage, `go back to a commit in ${environment}`, title, ends(workflow, stage), {
    commit: commitOf('earlier'),
  });
}

function goesBackLongAgo(workflow: RehearsedWorkflow, stage: Led): Scenario {
  const title = `somebody goes back to a commit whose deployment was ${LONG_AGO_DAYS} days ago, by ${SHORT} digits`;
  return byCommit(
    workflow,
    stage,
    `go back to an old commit in ${stage.environment}`,
    title,
    ends(workflow, stage),
    { commit: commitOf('earlier').slice(0, SHORT) },
    { meanwhile: [{ kind: 'timePasses', days: LONG_AGO_DAYS }] },
  );
}

/** Whoever may only go back brings in nothing new. */
function neverRan(workflow: RehearsedWorkflow, stage: Led): Scenario {
  const { environment, rollback } = stage;
  const pushed = 'pushed only';
  const images = workflow.shape.workload?.images ?? [];
  return byCommit(
    workflow,
    stage,
    `commit that never ran in ${environment}`,
    'somebody names a commit whose image was pushed and never deployed',
    { ...failing(workflow, stage, rollback), log: { [rollback.id]: ['was never deployed here'] } },
    { commit: commitOf(pushed) },
    { meanwhile: images.map((image) => ({ kind: 'imagePushed' as const, image, commit: pushed })) },
  );
}

/** As a part of the script it would ask for help, which is a success. */
const HOSTILE_COMMIT = '000000000000 --help; $(touch hacked)';

/** What is refused before anything of the environment is touched. */
function refused(workflow: RehearsedWorkflow, stage: Led): readonly Scenario[] {
  const { find } = stage;
  const refuse = (
    name: string,
    title: string,
    says: string,
    inputs: Readonly<Record<string, string>>,
  ): Scenario => {
    const expect = { ...failing(workflow, stage, find), log: { [find.id]: [says] } };
    return byCommit(workflow, stage, name, title, expect, inputs);
  };
  const commit = commitOf('nobody pushed it');
  return [
    refuse(
      'commit without an image',
      'somebody names a commit that was never built',
      `sha-${commit.slice(0, SHORT)}`,
      { commit },
    ),
    refuse('commit and revision', 'somebody names both a commit and a revision', 'give one of them', {
      commit: commitOf('earlier'),
      revision: '1',
    }),
    refuse(
      'no commit',
      'somebody names a commit with an option and a command in it',
      `got "${HOSTILE_COMMIT}"`,
      { commit: HOSTILE_COMMIT },
    ),
  ];
}

function byCommit(
  workflow: RehearsedWorkflow,
  { environment }: Led,
  name: string,
  title: string,
  expect: Expectation,
  inputs: Readonly<Record<string, string>>,
  options: Pick<Partial<ScenarioOptions>, 'meanwhile'> = {},
): Scenario {
  const { workload } = workflow.shape;
  return scenario(workflow, name, title, expect, {
    ...(workload && { beginning: releasedTo(workload, environment) }),
    ...options,
    request: { event: 'workflow_dispatch', inputs: { environment, revision: '', ...inputs } },
  });
}

/** The commit before runs again. */
const ends = (
  workflow: RehearsedWorkflow,
  { environment, target, find, rollback, notify }: Led,
): Expectation =>
  expectation(workflow, only(workflow, find, rollback, notify), { [environment]: [target, 'earlier'] });

/** A job fails, and everything stays as it was. */
const failing = (
  workflow: RehearsedWorkflow,
  { environment, target, find, rollback, notify }: Led,
  job: PlannedJob,
): Expectation =>
  expectation(
    workflow,
    { ...only(workflow, find, ...(job === find ? [] : [rollback, notify])), [job.id]: 'failure' },
    { [environment]: [target, 'new'] },
  );

/** Only these jobs run. */
function only({ shape }: RehearsedWorkflow, ...jobs: readonly (PlannedJob | undefined)[]) {
  return Object.fromEntries(
    shape.plan.jobs.map((job) => [job.id, jobs.includes(job) ? ('success' as const) : ('skipped' as const)]),
  );
}
