import type { DeployManifest, TargetEntry } from '../../contract';
import { channelsOf, toldFacts } from '../channels';
import type { Conclusion } from '../github/run-result';
import { type ModelLabel, rehearsalOf, type Resting } from '../targets';
import { jobResults } from './job-results';
import { type RequestOptions, requestOf } from './requests';
import type { Beginning, Expectation, FinalState, Happening, PlacedFault, Scenario } from './scenario';
import type { Shape, ShapeStage } from './shape';

/** One emitted workflow, with what its scenarios are made of. */
export interface RehearsedWorkflow {
  /** First part of the ids of its scenarios: its workload, its file, or what it is about. */
  readonly subject: string;
  readonly shape: Shape;
  readonly text: string;
  readonly manifest: DeployManifest;
  /** Where its scenarios begin that say nothing else. */
  readonly beginning: Beginning;
  /** How its runs start of which nothing else is said. */
  readonly request: RequestOptions;
}

export interface ScenarioOptions {
  readonly beginning: Beginning;
  readonly meanwhile: readonly Happening[];
  readonly request: RequestOptions;
  readonly faults: readonly PlacedFault[];
}

export function scenario(
  workflow: RehearsedWorkflow,
  name: string,
  title: string,
  expect: Expectation,
  { beginning, meanwhile, request = {}, faults = [] }: Partial<ScenarioOptions> = {},
): Scenario {
  return {
    ...named(workflow, name),
    workflow: workflow.shape.plan.file,
    title,
    request: requestOf(workflow.shape.plan, workflow.text, workflow.manifest, {
      ...workflow.request,
      ...request,
    }),
    beginning: beginning ?? workflow.beginning,
    ...(meanwhile && { meanwhile }),
    faults,
    expect,
  };
}

export const idOf = ({ subject }: RehearsedWorkflow, name: string): string => `${subject} ${name}`;
export const named = (workflow: RehearsedWorkflow, name: string) => ({ id: idOf(workflow, name), name });

/** What a target runs in the end, and which model where that is not the one of the first release. */
export type Ends = readonly [target: TargetEntry, label: Resting, model?: ModelLabel];

export const everywhere = (
  stages: readonly ShapeStage[],
  label: Resting,
  model?: ModelLabel,
): Readonly<Record<string, Ends>> =>
  Object.fromEntries(
    stages.map(({ environment, target }) => [
      environment,
      model === undefined ? [target, label] : [target, label, model],
    ]),
  );

/** What environments run that a workflow leaves alone: those before its own, and those behind. */
export interface LeftAlone {
  readonly before: Resting;
  readonly after: Resting;
}

/** Each version goes from one environment to the next. */
const IN_ORDER: LeftAlone = { before: 'new', after: 'earlier' };

/**
 * All jobs succeed but those that are named; targets are at rest and run what the label says, also those that the
 * workflow leaves alone.
 */
export function expectation(
  { shape, manifest }: RehearsedWorkflow,
  jobs: Readonly<Record<string, Conclusion>>,
  states: Readonly<Record<string, Ends>>,
  leftAlone: LeftAlone = IN_ORDER,
): Expectation {
  const others = shape.bystanders.map(
    ({ environment, target, side }) => [environment, [target, leftAlone[side]] as Ends] as const,
  );
  const facts = [...others, ...Object.entries(states)].map(([environment, [target, label, model]]) =>
    prefixed(environment, rehearsalOf(target).atRest(target, label, model)),
  );
  const results = jobResults(shape, jobs);
  const told = shape.stages.map((stage) => toldOf(stage, results, manifest));
  return { jobs: results, state: Object.assign({}, ...facts, ...told) as FinalState };
}

/** Bad news is told each time, a rollback by hand too, and a delivery that succeeds is no news. */
function toldOf(
  { environment, target, deploy, rollback, notify }: ShapeStage,
  results: Readonly<Record<string, Conclusion>>,
  manifest: DeployManifest,
): FinalState {
  if (!notify) return {};
  const about = deploy ?? rollback;
  const result = results[notify.id] === 'skipped' ? 'skipped' : results[about?.id ?? ''];
  const good = deploy ? 'nothing' : 'recovery';
  const told = result === 'failure' ? 'failure' : result === 'success' ? good : 'nothing';
  return prefixed(environment, toldFacts(channelsOf(manifest, target), told));
}

export const prefixed = (environment: string, facts: FinalState): FinalState =>
  Object.fromEntries(Object.entries(facts).map(([fact, value]) => [`${environment}: ${fact}`, value]));
