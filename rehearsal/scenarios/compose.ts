import type { DeployManifest, TargetEntry } from '../../contract';
import type { Conclusion } from '../github/run-result';
import { rehearsalOf } from '../targets';
import { jobResults } from './job-results';
import { type RequestOptions, requestOf } from './requests';
import type { Beginning, Expectation, FinalState, PlacedFault, Scenario } from './scenario';
import type { Shape, ShapeStage } from './shape';

/** One emitted workflow, with what its scenarios are made of. */
export interface RehearsedWorkflow {
  /** Workload, or what the workflow is about. */
  readonly subject: string;
  readonly shape: Shape;
  readonly text: string;
  readonly manifest: DeployManifest;
}

export interface ScenarioOptions {
  readonly beginning: Beginning;
  readonly request: RequestOptions;
  readonly faults: readonly PlacedFault[];
}

export function scenario(
  workflow: RehearsedWorkflow,
  name: string,
  title: string,
  expect: Expectation,
  { beginning, request = {}, faults = [] }: Partial<ScenarioOptions> = {},
): Scenario {
  return {
    ...named(workflow, name),
    workflow: workflow.shape.plan.file,
    title,
    request: requestOf(workflow.shape.plan, workflow.text, workflow.manifest, request),
    beginning: beginning ?? { after: idOf(workflow, 'first-release') },
    faults,
    expect,
  };
}

export const idOf = ({ subject }: RehearsedWorkflow, name: string): string => `${subject} ${name}`;
export const named = (workflow: RehearsedWorkflow, name: string) => ({ id: idOf(workflow, name), name });

type Resting = 'new' | 'earlier' | 'nothing';

export const everywhere = (
  stages: readonly ShapeStage[],
  label: Resting,
): Readonly<Record<string, readonly [TargetEntry, Resting]>> =>
  Object.fromEntries(stages.map(({ environment, target }) => [environment, [target, label]]));

/** All jobs succeed but those that are named; targets are at rest and run what the label says. */
export function expectation(
  { shape }: RehearsedWorkflow,
  jobs: Readonly<Record<string, Conclusion>>,
  states: Readonly<Record<string, readonly [TargetEntry, Resting]>>,
): Expectation {
  const facts = Object.entries(states).map(([environment, [target, label]]) =>
    prefixed(environment, rehearsalOf(target).atRest(target, label)),
  );
  return { jobs: jobResults(shape, jobs), state: Object.assign({}, ...facts) as FinalState };
}

export const prefixed = (environment: string, facts: FinalState): FinalState =>
  Object.fromEntries(Object.entries(facts).map(([fact, value]) => [`${environment}: ${fact}`, value]));
