import type { DeployManifest, GpuCheckEntry } from '../../contract';
import type { Finding } from '../actions';
import type { EmulatedAws } from '../aws/emulated-aws';
import type { VirtualClock } from '../clock/virtual-clock';
import { applyToCheck, type GpuCheckEffect } from '../gpu-check';
import type { Gate } from '../github/run-request';
import type { RunEvent } from '../github/run-result';
import type { ProgramFault } from '../programs';
import { rehearsalOf } from '../targets';
import type { Shape, ShapeStage } from '../scenarios/shape';
import type { FoundFault } from './catalogue';
import type { Effect, Party, Timed } from './fault';

/** What must be known before the run begins. */
export interface Preparations {
  /** Message with which an action fails, by its name. */
  readonly breaks: ReadonlyMap<string, string>;
  readonly programs: readonly ProgramFault[];
  readonly findings: readonly Finding[];
  readonly gates: ReadonlyMap<string, Gate>;
}

/** Everything that faults reach into. */
export interface Surroundings {
  readonly aws: EmulatedAws;
  readonly clock: VirtualClock;
  readonly shape: Shape;
  readonly manifest: DeployManifest;
  readonly cancelRun: () => void;
  /** Another run of the same workflow reaches the job of the stage. */
  readonly laterRun: (stage: ShapeStage) => void;
}

const GENERAL: ReadonlySet<string> = new Set([
  'disturb',
  'breakAction',
  'failProgram',
  'finding',
  'cancelRun',
  'laterRun',
  'gate',
  'channelDown',
  'githubApiDown',
] satisfies Effect['kind'][]);

const isGeneral = (effect: unknown): effect is Effect =>
  typeof effect === 'object' && effect !== null && 'kind' in effect && GENERAL.has(String(effect.kind));

interface PlacedEffect extends Timed<unknown> {
  readonly stage?: ShapeStage;
}

const effectsOf = (faults: readonly FoundFault[]): readonly PlacedEffect[] =>
  faults.flatMap(({ fault, stage }) => fault.effects.map((timed) => ({ ...timed, ...(stage && { stage }) })));

/** What of the faults concerns the runner and the stand-ins of actions. */
export function preparationsFor(faults: readonly FoundFault[]): Preparations {
  const breaks = new Map<string, string>();
  const programs: ProgramFault[] = [];
  const findings: Finding[] = [];
  const gates = new Map<string, Gate>();
  for (const { effect, stage } of effectsOf(faults)) {
    if (!isGeneral(effect)) continue;
    if (effect.kind === 'breakAction') breaks.set(effect.action, effect.message);
    if (effect.kind === 'failProgram') programs.push({ contains: effect.commandLine });
    if (effect.kind === 'finding') findings.push({ severity: effect.severity, id: effect.id });
    if (effect.kind === 'gate') gates.set(needed(stage).deploy?.environment ?? '', effect.gate);
  }
  return { breaks, programs, findings, gates };
}

/** @throws Error for a fault that hits an environment and was placed in none: the scenario is wrong */
function needed(stage: ShapeStage | undefined): ShapeStage {
  if (stage) return stage;
  throw new Error('a fault hits an environment, and its scenario names none');
}

/** What a fault hears of the run. */
type Listener = (event: RunEvent) => void;

/**
 * Puts faults in place.
 *
 * @returns what must hear each event of the run
 */
export function placeFaults(faults: readonly FoundFault[], surroundings: Surroundings): Listener {
  const jobs = new Set<string>();
  const listeners: Listener[] = [];
  for (const { when, effect, stage } of effectsOf(faults)) {
    const act = () => {
      const listener = apply(effect, stage, surroundings);
      if (!listener) return;
      listeners.push(listener);
      for (const job of jobs) listener({ kind: 'jobStarted', job, name: job, at: surroundings.clock.now() });
    };
    if (when === 'atStart') act();
    else if ('secondsIntoTask' in when)
      intoTask(checkOf(surroundings), when.secondsIntoTask, surroundings, act);
    else intoDeployment(needed(stage), when.secondsIntoDeployment, surroundings, act);
  }
  return (event) => {
    if (event.kind === 'jobStarted') jobs.add(event.job);
    if (event.kind === 'jobEnded') jobs.delete(event.job.id);
    for (const listener of listeners) listener(event);
  };
}

/** Acts so many seconds after the first call that starts a deployment at the target. */
function intoDeployment(
  { target }: ShapeStage,
  seconds: number,
  surroundings: Surroundings,
  act: () => void,
): void {
  const { startedBy } = rehearsalOf(target);
  after({ action: startedBy, role: target.deployRole }, seconds, surroundings, act);
}

/** Acts so many seconds after the first call that runs a task of a check. */
const intoTask = ({ role }: GpuCheckEntry, seconds: number, surroundings: Surroundings, act: () => void) =>
  after({ action: 'ecs:RunTask', role }, seconds, surroundings, act);

/** @param role id */
function after(
  { action, role }: { readonly action: string; readonly role: string },
  seconds: number,
  { aws, clock, manifest }: Surroundings,
  act: () => void,
): void {
  const arn = manifest.roles.find(({ id }) => id === role)?.arn;
  let started = false;
  aws.onCall((call) => {
    if (started || !call.allowed || call.action !== action || call.role !== arn) return;
    started = true;
    clock.in(seconds, act);
  });
}

/** @throws Error for a fault of a check in a workflow that checks nothing: the scenario is wrong */
function checkOf({ shape: { gpuCheck } }: Surroundings): GpuCheckEntry {
  if (gpuCheck) return gpuCheck;
  throw new Error('a fault hits a GPU check, and the workflow has none');
}

/** An effect sets in. What it returns hears the run from then on. */
function apply(
  effect: unknown,
  stage: ShapeStage | undefined,
  surroundings: Surroundings,
): Listener | undefined {
  if (!isGeneral(effect)) {
    const { aws, clock, shape } = surroundings;
    const scene = { world: aws.world, clock };
    if (stage) rehearsalOf(stage.target).apply(effect, { ...scene, target: stage.target });
    // The catalogue knows no other fault of a workflow without environments.
    else if (shape.gpuCheck) applyToCheck(effect as GpuCheckEffect, { ...scene, check: shape.gpuCheck });
    else needed(stage);
    return undefined;
  }
  const { channels, github } = surroundings.aws.world;
  if (effect.kind === 'channelDown') channels.breakDown(effect.channel);
  if (effect.kind === 'githubApiDown') github.breakDown();
  if (effect.kind === 'cancelRun') surroundings.cancelRun();
  if (effect.kind === 'laterRun') surroundings.laterRun(needed(stage));
  return effect.kind === 'disturb' ? disturb(effect, stage, surroundings) : undefined;
}

/** Disturbs calls while the jobs of a party run; jobs run one after another. */
function disturb(
  { action, disturbance, by, times, after }: Extract<Effect, { kind: 'disturb' }>,
  stage: ShapeStage | undefined,
  { aws, shape, manifest }: Surroundings,
): Listener | undefined {
  const weather = {
    action,
    disturbance,
    ...(times !== undefined && { times }),
    ...(after !== undefined && { after }),
  };
  if (by === undefined) {
    aws.addWeather(weather);
    return undefined;
  }
  const jobs = jobsOf(by, stage, shape, manifest);
  let clear: (() => void) | undefined;
  return (event) => {
    if (event.kind === 'jobStarted' && jobs.has(keyOf(event.job))) clear ??= aws.addWeather(weather);
    if (event.kind === 'jobEnded' && jobs.has(keyOf(event.job.id))) {
      clear?.();
      clear = undefined;
    }
  };
}

/** Key of a job, without the values of its matrix. */
const keyOf = (id: string): string => id.replace(/ \(.*$/, '');

/** Keys of the jobs in which a party is at work. */
function jobsOf(
  party: Party,
  stage: ShapeStage | undefined,
  { plan }: Shape,
  { roles }: DeployManifest,
): ReadonlySet<string> {
  if (party === 'deploy' || party === 'rollback' || party === 'notify')
    return new Set([needed(stage)[party]?.id ?? '']);
  const known = new Set(roles.filter(({ purpose }) => purpose === party).map(({ id }) => id));
  return new Set(plan.jobs.filter(({ role }) => role && known.has(role.id)).map(({ id }) => id));
}
