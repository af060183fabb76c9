import type { DeployContext, DeployOutcome, Version } from '../../../contract';
import { throwIfInterrupted } from '../../aws-client';
import type { K3sStrategy } from '../spec';
import type { NodeAccess } from './access';
import { type CanaryRoute, judgeCanaries, type Judgement } from './canary';
import { clusterState } from './cluster-state';
import { hasPods, servingChecks } from './health';
import { liveTrack } from './routes';
import { followToEnd, requireDone, runOnNode, start } from './run';
import { undo } from './undo';

/** Seconds that a short order on the node may take. */
const SHORT_SECONDS = 180;
/** How often a version is looked at while it is watched. */
const LOOK_EVERY_MS = 60_000;

type BlueGreen = Extract<K3sStrategy, { kind: 'blueGreen' }>;
type Canary = Extract<K3sStrategy, { kind: 'canary' }>;

/** One deployment whose pods are up, on its way to the traffic. */
interface Candidate {
  readonly version: Version;
  readonly previous: Version | undefined;
}

/**
 * Gives the new version the traffic of the routed services, as the strategy says.
 *
 * @returns nothing when it has all of it; else how the deployment ended
 */
export async function takeOver(
  access: NodeAccess,
  version: Version,
  previous: Version | undefined,
  context: DeployContext,
): Promise<DeployOutcome | undefined> {
  const { strategy } = access.spec;
  const candidate = { version, previous };
  switch (strategy.kind) {
    case 'rolling':
      return undefined;
    case 'blueGreen':
      return switchOver(access, strategy, candidate, context);
    case 'canary':
      return stepByStep(access, strategy, candidate, context);
  }
}

async function switchOver(
  access: NodeAccess,
  { bakeSeconds }: BlueGreen,
  { version, previous }: Candidate,
  context: DeployContext,
): Promise<DeployOutcome | undefined> {
  await shareTraffic(access, version, 100, context);
  const until = context.clock.now() + bakeSeconds * 1_000;
  while (context.clock.now() < until) {
    await rest(until, context);
    const why = await unhealthy(access, context);
    if (why !== undefined) return undo(access, version, previous, why, context);
  }
  return undefined;
}

async function stepByStep(
  access: NodeAccess,
  { steps, stepSeconds, rule }: Canary,
  { version, previous }: Candidate,
  context: DeployContext,
): Promise<DeployOutcome | undefined> {
  const routes = await canaryRoutes(access, context);
  // Such as of the first release: there is nothing beside it, and all the traffic is its own.
  if (routes.length === 0) return undefined;
  for (const weight of steps) {
    await shareTraffic(access, version, weight, context);
    const until = context.clock.now() + stepSeconds * 1_000;
    const before = await sample(access, context);
    let judged: Judgement;
    do {
      await rest(until, context);
      judged = judgeCanaries(rule, access.spec.namespace, routes, before, await sample(access, context));
      tell(weight, judged, context);
      const why = judged.verdict === 'worse' ? judged.reasons.join('; ') : await unhealthy(access, context);
      if (why !== undefined) return undo(access, version, previous, `at ${weight} %: ${why}`, context);
    } while (context.clock.now() < until);
    if (judged.verdict === 'open') {
      const why = `at ${weight} %, too little traffic to judge it: ${judged.reasons.join('; ')}`;
      return undo(access, version, previous, why, context);
    }
  }
  await shareTraffic(access, version, 100, context);
  return undefined;
}

function tell(weight: number, { verdict, reasons }: Judgement, { emit }: DeployContext): void {
  emit({
    code: 'canary.judged',
    level: verdict === 'worse' ? 'warning' : 'info',
    message: `canary with ${weight} % is ${verdict}: ${reasons.join('; ')}`,
    data: { weight, verdict },
  });
}

async function shareTraffic(
  access: NodeAccess,
  { name: release }: Version,
  weight: number,
  context: DeployContext,
): Promise<void> {
  const order = { action: 'traffic', release, weight, deadlineSeconds: SHORT_SECONDS } as const;
  requireDone(await runOnNode(access, order, context), 'traffic');
  context.emit({
    code: 'traffic.shared',
    level: 'info',
    message: `${release} has ${weight} % of the traffic`,
    data: { release, weight },
  });
}

/**
 * The side of each route that has less traffic; asked before the first step. A service that is new has one side only,
 * with all the traffic, and nothing to be compared with.
 */
async function canaryRoutes(access: NodeAccess, context: DeployContext): Promise<readonly CanaryRoute[]> {
  const state = await clusterState(access, context);
  return access.spec.routed
    .map((service): CanaryRoute => ({
      service,
      track: liveTrack(state.routes, service) === 'green' ? 'blue' : 'green',
    }))
    .filter(({ service, track }) => hasPods(state, `${service}-${track}`));
}

/** Traefik's metrics as they are now. */
async function sample(access: NodeAccess, context: DeployContext): Promise<string> {
  const sent = await start(access, { action: 'sample', deadlineSeconds: SHORT_SECONDS }, context);
  const { end, value } = await followToEnd(access, sent, context, (objects) => objects.get('metrics.txt'));
  requireDone(end, 'sample');
  return value ?? '';
}

/** What is wrong with what serves; nothing while it is well. Shared traffic is no fault here. */
async function unhealthy(access: NodeAccess, context: DeployContext): Promise<string | undefined> {
  const { spec } = access;
  const state = await clusterState(access, context);
  const wrong = servingChecks(spec, state, 'both').filter(({ passed }) => !passed);
  return wrong.length === 0 ? undefined : wrong.map(({ name, detail }) => `${name}: ${detail}`).join('; ');
}

async function rest(until: number, context: DeployContext): Promise<void> {
  const { clock, signal } = context;
  await clock.sleep(Math.min(LOOK_EVERY_MS, Math.max(0, until - clock.now())), signal);
  throwIfInterrupted(context);
}
