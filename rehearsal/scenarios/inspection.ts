import { CHECK_FAULTS, INSPECTION_DENIED } from '../faults/pipeline-faults';
import type { Conclusion } from '../github/run-result';
import { everywhere, expectation, type RehearsedWorkflow, scenario } from './compose';
import type { Expectation, Scenario } from './scenario';
import type { ShapeStage } from './shape';
import { stoppedEarly } from './stopped-early';

/** Nothing was released, and nothing will be. */
const NOTHING = { before: 'nothing', after: 'nothing' } as const;

const EVERY_STACK = 'every stack is deployed as synthesized';

type Inspected = ShapeStage & { readonly inspect: NonNullable<ShapeStage['inspect']> };

/** The checks of a workload's sources and infrastructure, and a look at what is deployed. */
export function inspectionScenarios(workflow: RehearsedWorkflow): readonly Scenario[] {
  const { shape } = workflow;
  const states = everywhere(shape.stages, 'nothing');
  const inspected = shape.stages.filter((stage): stage is Inspected => stage.inspect !== undefined);
  const skipped = Object.fromEntries(inspected.map(({ inspect }) => [inspect.id, 'skipped' as const]));
  const ends = (jobs: Readonly<Record<string, Conclusion>> = {}) =>
    expectation(workflow, jobs, states, NOTHING);
  return [
    scenario(workflow, 'push', 'a commit is pushed, and the accounts have what it declares', {
      ...ends(),
      summary: Object.fromEntries(inspected.map(({ inspect }) => [inspect.id, [EVERY_STACK]])),
    }),
    scenario(
      workflow,
      'pull-request',
      'a pull request of a fork is opened, and reaches no account',
      ends(skipped),
      { request: { event: 'pull_request', ref: 'refs/pull/7/merge', fromFork: true } },
    ),
    ...CHECK_FAULTS.flatMap((fault) => stoppedEarly(workflow, states, fault, NOTHING)),
    ...(inspected.length > 0 ? [denied(workflow, inspected, ends)] : []),
    ...inspected.flatMap((stage) => otherwiseDeployed(workflow, stage, ends())),
  ];
}

/** No job that only looks gets in. */
function denied(
  workflow: RehearsedWorkflow,
  inspected: readonly Inspected[],
  ends: (jobs: Readonly<Record<string, Conclusion>>) => Expectation,
): Scenario {
  const { name, title, says } = INSPECTION_DENIED;
  const each = <T>(value: T) => Object.fromEntries(inspected.map(({ inspect }) => [inspect.id, value]));
  return scenario(
    workflow,
    name,
    title,
    { ...ends(each('failure')), log: each(says) },
    { faults: [{ name }] },
  );
}

/** A difference is no failure: a commit that changes infrastructure always brings one. */
function otherwiseDeployed(
  workflow: RehearsedWorkflow,
  { environment, target, inspect }: Inspected,
  good: Expectation,
): readonly Scenario[] {
  const stacks = target.inspection?.stacks.length ?? 0;
  const title = `1 of ${stacks} stacks are not deployed as synthesized`;
  const expect = (says: string): Expectation => ({ ...good, summary: { [inspect.id]: [title, says] } });
  return [
    scenario(
      workflow,
      `stack-differs@${environment}`,
      `a stack in ${environment} was deployed with another template`,
      expect('1 added'),
      { meanwhile: [{ kind: 'stackChanged', target: target.id }] },
    ),
    scenario(
      workflow,
      `stack-missing@${environment}`,
      `a stack in ${environment} is not deployed yet`,
      expect('not deployed yet'),
      { meanwhile: [{ kind: 'stackDeleted', target: target.id }] },
    ),
  ];
}
