import type { ArtefactSources } from '../proofs';
import { choose, type Choice, leadingTo, withPreparation } from './choose';
import type { RunEvent } from './github/run-result';
import { type Performance, perform } from './perform';
import { openSandbox } from './sandbox';
import { type Scenario, type ScenarioReport, scenariosOf } from './scenarios';

export interface RehearsalOptions {
  readonly sources: ArtefactSources;
  /** Root of the repository. */
  readonly root: string;
  readonly choice: Choice;
  /** PATH of this process. */
  readonly searchPath: string;
  /** Scenarios at the same time. */
  readonly parallel: number;
  /** Ends the rehearsal and everything that it started. */
  readonly signal: AbortSignal;
  /** Seed of whatever is random in the processes of a job. */
  readonly seed: number;
  /** Endpoints on loopback that take the place of emulated services, by signing name. @default - none */
  readonly against?: Readonly<Record<string, string>>;
  /** Texts that take the place of files of the repository, by path. @default - none */
  readonly replaced?: Readonly<Record<string, string>>;
  /** Folder in which what the emulator knows at the end of each scenario is kept. @default - nothing is kept */
  readonly keep?: string;
  readonly onStart?: (scenario: Scenario) => void;
  readonly onEvent?: (scenario: Scenario, event: RunEvent) => void;
  readonly onReport?: (scenario: Scenario, report: ScenarioReport) => void;
}

/**
 * Runs the scenarios that were chosen, and before them those that lead to where they begin.
 *
 * @returns reports in the order of the scenarios
 * @throws LockstepError for a choice that fits nothing, and for a workflow that cannot be rehearsed
 */
export async function rehearse(options: RehearsalOptions): Promise<readonly ScenarioReport[]> {
  const scenarios = scenariosOf(options.sources, options.choice.names);
  const chosen = new Set(choose(scenarios, options.choice).map(({ id }) => id));
  const sandbox = openSandbox(options);
  const enter = semaphore(options.parallel);
  const performed = new Map<string, Promise<Performance>>();
  try {
    const ordered = withPreparation(
      scenarios.filter(({ id }) => chosen.has(id)),
      scenarios,
    );
    for (const scenario of ordered) performed.set(scenario.id, run(scenario, ordered));
    const all = await Promise.all([...performed].map(async ([id, result]) => [id, await result] as const));
    const reports = new Map(all.map(([id, { report }]) => [id, report]));
    return scenarios.flatMap(({ id }) => (chosen.has(id) ? (reports.get(id) ?? []) : []));
  } finally {
    await Promise.allSettled(performed.values());
    sandbox.close();
  }

  async function run(scenario: Scenario, all: readonly Scenario[]): Promise<Performance> {
    const { id, branchesOff } = scenario;
    const [before] = leadingTo(scenario);
    const earlier = before === undefined ? undefined : await performed.get(before);
    const leave = await enter();
    try {
      options.onStart?.(scenario);
      const from = branchesOff ? earlier?.checkpoints.get(branchesOff.before) : earlier?.situation;
      const result =
        earlier && (!earlier.report.passed || !from)
          ? { report: notReached(scenario, earlier.report), checkpoints: new Map() }
          : await perform(scenario, {
              ...options,
              sandbox,
              from,
              checkpointsAt: new Set(
                all.flatMap((each) => (each.branchesOff?.from === id ? [each.branchesOff.before] : [])),
              ),
              keepsSituation: all.some((each) => !each.branchesOff && leadingTo(each).includes(id)),
            });
      options.onReport?.(scenario, result.report);
      return result;
    } finally {
      leave();
    }
  }
}

/** A scenario whose beginning never came about. */
function notReached(scenario: Scenario, before: ScenarioReport): ScenarioReport {
  const { workflow, name, title, faults } = scenario;
  return {
    workflow,
    name,
    title,
    faults: faults.map((fault) => fault.name),
    passed: false,
    surprises: [
      {
        place: 'beginning',
        value: `${before.name} did not end as expected`,
        allowed: 'the end of that scenario',
      },
      ...before.surprises.map((surprise) => ({ ...surprise, place: `${before.name}: ${surprise.place}` })),
    ],
    conclusion: 'skipped',
    jobs: [],
    calls: [],
    finalState: {},
    leftovers: [],
    startedAt: before.endedAt,
    endedAt: before.endedAt,
  };
}

/** Lets so many in at once, in the order in which they came. */
function semaphore(places: number): () => Promise<() => void> {
  let free = Math.max(1, places);
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return leave;
  };
}
