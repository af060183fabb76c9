import { rehearsalOf } from '../targets';
import { releasedTo, subjectOf } from './beginnings';
import { expectation, type RehearsedWorkflow, scenario } from './compose';
import { FIRST_RELEASE_STAYS, nothingRuns } from './first-release';
import { commitScenarios } from './rollback-by-commit';
import type { Scenario } from './scenario';
import type { ShapeStage } from './shape';

/** Rollbacks by hand. They begin where two versions were delivered one after the other. */
export function rollbackScenarios(workflow: RehearsedWorkflow): readonly Scenario[] {
  const { stages, plan } = workflow.shape;
  const { environment: choice, revision } = plan.triggers.dispatch?.inputs ?? {};
  if (choice === undefined || revision === undefined) return [];
  return [
    ...stages.flatMap((stage) => [
      listed(workflow, stage),
      rolledBack(workflow, stage),
      unknownRevision(workflow, stage),
      ...cleared(workflow, stage),
    ]),
    ...commitScenarios(workflow),
  ];
}

const beginning = ({ shape: { workload } }: RehearsedWorkflow, { environment }: ShapeStage) =>
  workload ? releasedTo(workload, environment) : 'stacksDeployed';

const byHand = ({ environment }: ShapeStage, revision = '') => ({
  event: 'workflow_dispatch' as const,
  inputs: { environment, revision },
});

/** Only the job of the chosen environment runs, and the one that tells people of it. */
function onlyJobOf({ shape }: RehearsedWorkflow, { rollback, notify }: ShapeStage) {
  const running = [rollback?.id, notify?.id];
  return Object.fromEntries(
    shape.plan.jobs.map(({ id }) => [id, running.includes(id) ? ('success' as const) : ('skipped' as const)]),
  );
}

function listed(workflow: RehearsedWorkflow, stage: ShapeStage): Scenario {
  const { target, environment, rollback, notify } = stage;
  // A list is no news.
  const jobs = { ...onlyJobOf(workflow, stage), ...(notify && { [notify.id]: 'skipped' as const }) };
  const expect = expectation(workflow, jobs, { [environment]: [target, 'new'] });
  const summary = { [rollback?.id ?? '']: ['2 stable versions'] };
  return scenario(
    workflow,
    `list in ${environment}`,
    'somebody asks which revisions one can go back to',
    { ...expect, summary },
    { beginning: beginning(workflow, stage), request: byHand(stage) },
  );
}

function rolledBack(workflow: RehearsedWorkflow, stage: ShapeStage): Scenario {
  const { target, environment } = stage;
  const expect = expectation(workflow, onlyJobOf(workflow, stage), { [environment]: [target, 'earlier'] });
  return {
    ...scenario(workflow, `go back in ${environment}`, 'somebody goes back to the revision before', expect, {
      beginning: beginning(workflow, stage),
      request: byHand(stage),
    }),
    versionInput: { input: 'revision', environment, version: 'before' },
  };
}

/** As a part of the script it would ask for help, which is a success. */
const HOSTILE_REVISION = '999999 --help; $(touch hacked)';

function unknownRevision(workflow: RehearsedWorkflow, stage: ShapeStage): Scenario {
  const { target, environment, rollback } = stage;
  const id = rollback?.id ?? '';
  const expect = expectation(
    workflow,
    { ...onlyJobOf(workflow, stage), [id]: 'failure' },
    { [environment]: [target, 'new'] },
  );
  return scenario(
    workflow,
    `unknown revision in ${environment}`,
    'somebody names a revision that does not exist, with an option and a command in it',
    // The command refuses the text as it was typed: a shell that had read it would have changed it.
    { ...expect, log: { [id]: [`got "${HOSTILE_REVISION}"`] } },
    { beginning: beginning(workflow, stage), request: byHand(stage, HOSTILE_REVISION) },
  );
}

/** A first release failed, and its way back was not let in: what stands in the way of the next one is taken away. */
function cleared(workflow: RehearsedWorkflow, stage: ShapeStage): readonly Scenario[] {
  const { workload } = workflow.shape;
  const { target, environment } = stage;
  if (!workload || !rehearsalOf(target).firstReleaseStays) return [];
  const expect = expectation(workflow, onlyJobOf(workflow, stage), { [environment]: [target, 'nothing'] });
  return [
    scenario(
      workflow,
      `clear in ${environment}`,
      'somebody goes back after a first release that failed and that nobody led back',
      { ...expect, state: nothingRuns(expect), leftovers: rehearsalOf(target).firstReleaseUndone },
      {
        beginning: { after: `${subjectOf(workload, environment)} ${FIRST_RELEASE_STAYS}` },
        request: byHand(stage, NO_REVISION),
      },
    ),
  ];
}

/** Nothing was ever released, so that there is none to name. */
const NO_REVISION = '000000000000';
