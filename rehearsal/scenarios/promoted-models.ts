import type { PlannedJob } from '../../workflows';
import { CANCELLED } from '../faults/stage-faults';
import { rehearsalOf } from '../targets';
import { everywhere, expectation, prefixed, type RehearsedWorkflow, scenario } from './compose';
import { byHandWithModel, missingModel, refusedByDeployment, uploaded, uploadedVersion } from './models';
import type { Expectation, Scenario } from './scenario';
import { cancelledAt, hit } from './stage-hits';
import type { Delivered } from './stages';

/** As a part of the script it would ask for help, which is a success. */
const HOSTILE_MODEL = 's3://x/y.tar.gz --help; $(touch hacked)';

/** Which model a promotion takes: that of the environment before by its version, or the one that somebody names. */
export function promotedModels(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
  resolve: PlannedJob,
): readonly Scenario[] {
  const { workload, bystanders } = workflow.shape;
  const before = bystanders.filter(({ side }) => side === 'before').at(-1);
  if (!workload?.models || !before) return [];
  const refusedAtOnce = (says: string): Expectation => ({
    ...expectation(workflow, { [resolve.id]: 'failure' }, everywhere(stages, 'earlier')),
    log: { [resolve.id]: [says] },
  });
  const by = (name: string, title: string, expect: Expectation, model: string): Scenario =>
    scenario(workflow, name, title, expect, { request: byHandWithModel(workflow, model) });
  return [
    ...namedModels(workflow, stages, stage),
    by(
      'model: missing',
      'somebody names a model that does not exist',
      refusedByDeployment(workflow, stages, stage, 'ModelNotFound'),
      `${missingModel(workflow)}?versionId=none`,
    ),
    by(
      'model: unversioned',
      'somebody names a model without its version, which may be another one when it is deployed',
      refusedAtOnce('?versionId=<id>'),
      missingModel(workflow),
    ),
    by(
      'model: foreign',
      'somebody names a model in the bucket of somebody else',
      refusedAtOnce('ForeignModel'),
      's3://bucket-of-somebody-else/model.tar.gz?versionId=any',
    ),
    by(
      'model: hostile',
      'somebody names a model with an option and a command in it',
      // The command refuses the text as it was typed: a shell that had read it would have changed it.
      refusedAtOnce(HOSTILE_MODEL),
      HOSTILE_MODEL,
    ),
    scenario(
      workflow,
      'model: replaced',
      'the model that the environment before runs was overwritten: its version cannot be deployed any more',
      refusedByDeployment(workflow, stages, stage, 'ModelOverwritten'),
      { meanwhile: [{ kind: 'runningModelReplaced', target: before.target.id }] },
    ),
  ];
}

/** Somebody names another model than the environment before runs, and it takes part in everything that follows. */
function namedModels(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
): readonly Scenario[] {
  const { environment, target } = stage;
  const { faults, atRest } = rehearsalOf(target);
  const versionInput = uploadedVersion(workflow);
  const named = { meanwhile: uploaded(workflow), request: byHandWithModel(workflow) };
  const delivered = expectation(workflow, {}, everywhere(stages, 'new', 'uploaded'));
  const [undone] = faults.filter(({ also }) => also === 'whereTheWayBackHasARole');
  const scenarios: Scenario[] = [
    scenario(
      workflow,
      'model: named',
      'somebody promotes the image with a model of his own choice',
      delivered,
      named,
    ),
  ];
  if (undone) {
    const { expect, faults: hits } = hit(workflow, stages, stage, undone);
    const state = { ...expect.state, ...prefixed(environment, atRest(target, 'earlier')) };
    const title = `the way back brings the earlier model with it: ${undone.title}`;
    const name = `model: named, ${undone.name}`;
    scenarios.push(scenario(workflow, name, title, { ...expect, state }, { ...named, faults: hits }));
  }
  return [
    ...scenarios.map((each) => ({ ...each, versionInput })),
    ...cancelledWithModel(workflow, stages, stage),
  ];
}

/** A run with another model is cancelled in the middle: what it deployed serves in the end, and nobody has tested it. */
function cancelledWithModel(
  workflow: RehearsedWorkflow,
  stages: readonly Delivered[],
  stage: Delivered,
): readonly Scenario[] {
  const { environment, target } = stage;
  const { faults, atRest } = rehearsalOf(target);
  const cancelled = hit(workflow, stages, stage, cancelledAt(stage));
  const before: Scenario = {
    ...scenario(
      workflow,
      `model: named, ${CANCELLED.name}`,
      'somebody cancels a run with a model of his own choice in the middle of the deployment',
      cancelled.expect,
      { meanwhile: uploaded(workflow), request: byHandWithModel(workflow), faults: cancelled.faults },
    ),
    versionInput: uploadedVersion(workflow),
  };
  const title = 'the run before was cancelled with another model; this one';
  const after = { beginning: { after: before.id } };
  const delivered = expectation(workflow, {}, everywhere(stages, 'new'));
  const clearsUp = scenario(workflow, 'clears-up', `${title} clears away what it has left`, delivered, after);
  const fails = faults.find(({ also }) => also === 'everywhere');
  if (!fails) return [before, clearsUp];
  const { expect, faults: hits } = hit(workflow, stages, stage, fails);
  const state = { ...expect.state, ...prefixed(environment, atRest(target, 'new', 'uploaded')) };
  return [
    before,
    clearsUp,
    scenario(
      workflow,
      `half-finished-before, ${fails.name}`,
      `${title} fails: what AWS goes back to is tested, and recorded`,
      { ...expect, state },
      { ...after, faults: hits },
    ),
  ];
}
