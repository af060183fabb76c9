import type { ArtefactSources } from '../proofs';
import { planPipelines } from '../workflows';
import { actionStandIns, ArtifactStore } from './actions';
import { EmulatedAws, type Situation } from './aws/emulated-aws';
import type { SeenCall } from './aws/seen-call';
import { pagerDutyUrl } from './channels';
import { serveClock, VirtualClock } from './clock';
import { findFault } from './faults/catalogue';
import { placeFaults, preparationsFor } from './faults/place';
import { runWorkflow } from './github/run';
import type { JobResult, RunEvent } from './github/run-result';
import { TokenIssuer } from './github/token-issuer';
import { keepScenario } from './keep';
import { happen, prepare } from './meanwhile';
import { isolation, synthesized } from './programs';
import { requestIn } from './request-in';
import type { Sandbox, ScenarioFolder } from './sandbox';
import { finalStateOf } from './scenarios/final-state';
import { Labels } from './scenarios/labels';
import type { Scenario, ScenarioReport, Surprise } from './scenarios/scenario';
import { type Shape, shapeOf } from './scenarios/shape';
import { surprises } from './scenarios/verdict';

export interface PerformOptions {
  readonly sources: ArtefactSources;
  readonly sandbox: Sandbox;
  readonly seed: number;
  readonly signal: AbortSignal;
  /** Where the scenario begins. @default - the stacks were just deployed */
  readonly from?: Situation | Checkpoint | undefined;
  /** Keys of the jobs before which other scenarios branch off. */
  readonly checkpointsAt: ReadonlySet<string>;
  /** True when another scenario begins where this one ends. */
  readonly keepsSituation: boolean;
  readonly against?: Readonly<Record<string, string>>;
  readonly keep?: string;
  readonly onEvent?: (scenario: Scenario, event: RunEvent) => void;
}

/** A run right before one of its jobs. */
export interface Checkpoint {
  readonly situation: Situation;
  readonly startedAt: number;
  readonly jobs: readonly JobResult[];
  readonly calls: readonly SeenCall[];
  readonly artifacts: ArtifactStore;
}

export interface Performance {
  readonly report: ScenarioReport;
  readonly situation?: Situation;
  /** By the key of the job. */
  readonly checkpoints: ReadonlyMap<string, Checkpoint>;
}

/** Between a deployment of stacks, or an earlier run, and the run that is rehearsed. */
const SETTLES_SECONDS = 60;

/** After a check, until instances that nobody needs any more must have gone. */
const IDLE_SECONDS = 1_800;

/**
 * Runs one scenario from its beginning to its verdict. Nothing of it is left running.
 *
 * @throws LockstepError for a workflow or a template that cannot be rehearsed
 */
export async function perform(scenario: Scenario, options: PerformOptions): Promise<Performance> {
  const { sources, from, against, sandbox } = options;
  const clock = new VirtualClock();
  const folder = sandbox.folderFor(scenario.id);
  const tokens = await TokenIssuer.start(clock);
  try {
    const aws = new EmulatedAws({
      clock,
      templates: sources.templates,
      tokens,
      workshop: { folder: folder.machines, ...sandbox.machine },
      ...(against && { against }),
    });
    const checkpoint = from && 'situation' in from ? from : undefined;
    const surroundings = { world: aws.world, clock, manifest: sources.manifest };
    if (from) aws.restore('situation' in from ? from.situation : from);
    else prepare(surroundings);
    for (const each of scenario.meanwhile ?? []) happen(each, surroundings);
    if (!checkpoint) {
      aws.world.channels.mend();
      aws.world.github.mend();
      clock.pass(SETTLES_SECONDS);
    }
    try {
      return await performIn({ clock, tokens, aws, checkpoint, folder }, scenario, options);
    } finally {
      await aws.stop();
    }
  } finally {
    await tokens.close();
    sandbox.discard(folder);
  }
}

/** The emulated world of one scenario. */
interface Setting {
  readonly clock: VirtualClock;
  readonly tokens: TokenIssuer;
  readonly aws: EmulatedAws;
  readonly checkpoint: Checkpoint | undefined;
  readonly folder: ScenarioFolder;
}

async function performIn(
  setting: Setting,
  scenario: Scenario,
  options: PerformOptions,
): Promise<Performance> {
  const { clock, aws, checkpoint } = setting;
  const startedAt = checkpoint?.startedAt ?? clock.now();
  const shape = shapeFor(scenario, options.sources);
  const { run, violations, labels, checkpoints, artifacts } = await runIn(
    setting,
    scenario,
    shape,
    startedAt,
    options,
  );
  const endedAt = clock.now();
  if (shape.gpuCheck) clock.pass(IDLE_SECONDS);
  const finalState = finalStateOf(
    shape,
    { world: aws.world, clock, manifest: options.sources.manifest, since: startedAt },
    labels.of,
    artifacts,
  );
  const leftovers = aws.leftovers();
  const found = [
    ...surprises(scenario.expect, { run, finalState, leftovers }),
    ...aws.failures.map((value) => ({ place: 'emulated AWS', value, allowed: 'calls that it models' })),
    ...clock.failures.map((value) => ({ place: 'models and faults', value, allowed: 'no error' })),
    ...violations.map((value) => ({ place: 'network', value, allowed: 'loopback only' })),
  ] satisfies readonly Surprise[];
  const report: ScenarioReport = {
    workflow: scenario.workflow,
    name: scenario.name,
    title: scenario.title,
    faults: scenario.faults.map(({ name }) => name),
    passed: found.length === 0,
    surprises: found,
    conclusion: run.conclusion,
    jobs: run.jobs,
    calls: [...(checkpoint?.calls ?? []), ...aws.calls],
    finalState,
    leftovers: leftovers.map((line) => withReason(line, scenario)),
    startedAt,
    endedAt,
  };
  if (options.keep !== undefined) keepScenario(options.keep, report, aws.snapshot());
  return { report, checkpoints, ...(options.keepsSituation && { situation: aws.snapshot() }) };
}

/** Runs the workflow of a scenario, with its faults in place. */
async function runIn(
  { clock, tokens, aws, checkpoint, folder }: Setting,
  scenario: Scenario,
  shape: Shape,
  startedAt: number,
  { sources, sandbox, seed, signal, checkpointsAt, onEvent }: PerformOptions,
) {
  const faults = scenario.faults.map((placed) => findFault(placed, shape, sources.manifest));
  const { breaks, programs, findings, gates } = preparationsFor(faults);
  const processes = await serveClock({ clock, preload: sandbox.preload, folder: folder.processes, seed });
  const artifacts = checkpoint?.artifacts.copy() ?? new ArtifactStore();
  const labels = new Labels(sources.manifest, aws.world, scenario.request.sha);
  labels.look();
  const ended: JobResult[] = [];
  const checkpoints = new Map<string, Checkpoint>();
  const happens = new EventTarget();
  try {
    const hear = placeFaults(faults, {
      aws,
      clock,
      shape,
      manifest: sources.manifest,
      cancelRun: () => happens.dispatchEvent(new Event('cancel')),
      laterRun: () => happens.dispatchEvent(new Event('supersede')),
    });
    const endpoint = await aws.start();
    const request = requestIn(
      scenario,
      shape,
      { aws, clock, endpoint, goesOn: checkpoint !== undefined },
      gates,
    );
    aws.world.github.begin(request, startedAt);
    const run = await runWorkflow(request, {
      clock,
      processes,
      tokens,
      signal,
      actions: actionStandIns({
        repository: sandbox.repository,
        artifacts,
        ...(sandbox.history && { history: sandbox.history }),
        findings,
        breaks,
        programs: { faults: programs, products: [synthesized(sources)] },
      }),
      folder: folder.jobs,
      path: sandbox.path,
      environment: isolation({
        AWS_ENDPOINT_URL: endpoint,
        LOCKSTEP_PAGERDUTY_URL: pagerDutyUrl(endpoint),
      }),
      ...(checkpoint && { resume: checkpoint.jobs }),
      beforeJob: (job) => {
        if (!checkpointsAt.has(job)) return;
        const calls = [...(checkpoint?.calls ?? []), ...aws.calls];
        checkpoints.set(job, {
          situation: aws.snapshot(),
          startedAt,
          jobs: [...ended],
          calls,
          artifacts: artifacts.copy(),
        });
      },
      emit: (event) => {
        if (event.kind === 'jobEnded') {
          ended.push(event.job);
          aws.world.github.ended(event.job);
          labels.look();
        }
        hear(event);
        onEvent?.(scenario, event);
      },
      cancel: (listener) => happens.addEventListener('cancel', listener),
      supersede: (listener) => happens.addEventListener('supersede', listener),
    });
    return { run, violations: processes.violations(), labels, checkpoints, artifacts };
  } finally {
    await processes.close();
  }
}

/** What was left behind, with the reason for which the scenario allows it. */
function withReason(line: string, { expect }: Scenario): string {
  const reason = expect.leftovers?.find(({ contains }) => line.includes(contains))?.because;
  return reason === undefined ? line : `${line} (expected: ${reason})`;
}

function shapeFor({ workflow }: Scenario, { manifest }: ArtefactSources): Shape {
  const plan = planPipelines(manifest).find(({ file }) => file === workflow);
  if (!plan) throw new Error(`no workflow ${workflow} is planned`);
  return shapeOf(plan, manifest);
}
