import type { ServiceDeploymentLifecycleStage } from '@aws-sdk/client-ecs';
import { aliveTasks, endDeployment, hasEnded, rollBack, say } from '../deployments';
import { type Moment, secondsSince } from '../moment';
import type { DeploymentState, ServiceState } from '../state';
import { isComplete, keep, stopOthers } from './fleets';
import { runHooks } from './hooks';
import type { ShiftProgress } from './progress';
import { stepsOf } from './settings';
import { giveTraffic } from './traffic';

/** A deployment that shifts traffic, at one moment. */
interface Shifting {
  readonly moment: Moment;
  readonly service: ServiceState;
  readonly deployment: DeploymentState;
  readonly shift: ShiftProgress;
}

/** What became of a stage in this second, besides its hooks. */
type Work = 'waiting' | 'done' | { readonly failed: string };

/**
 * In the order of AWS. What happens between the hooks of a stage and its end.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
 */
const STAGES: readonly (readonly [ServiceDeploymentLifecycleStage, (shifting: Shifting) => Work])[] = [
  ['RECONCILE_SERVICE', reconcile],
  ['PRE_SCALE_UP', () => 'done'],
  ['SCALE_UP', scaleUp],
  ['POST_SCALE_UP', () => 'done'],
  ['TEST_TRAFFIC_SHIFT', shiftTest],
  ['POST_TEST_TRAFFIC_SHIFT', () => 'done'],
  ['PRODUCTION_TRAFFIC_SHIFT', shiftProduction],
  ['POST_PRODUCTION_TRAFFIC_SHIFT', () => 'done'],
  ['BAKE_TIME', bake],
  ['CLEAN_UP', cleanUp],
];

/** Stages in which no task of the new revision runs yet. */
const BEFORE_SCALE_UP: readonly ServiceDeploymentLifecycleStage[] = ['RECONCILE_SERVICE', 'PRE_SCALE_UP'];

/** One second of a deployment that shifts traffic. */
export function goOn(moment: Moment, service: ServiceState, deployment: DeploymentState): void {
  const { shift } = deployment;
  if (!shift) return;
  const shifting: Shifting = { moment, service, deployment, shift };
  if (hasEnded(deployment)) return stay(shifting);
  if (deployment.rollback) return goBack(shifting, deployment.rollback.revision);
  keepFleets(shifting);
  const failed = goOnIn(shifting);
  if (failed !== undefined) {
    rollBack(moment, service, deployment, `Service deployment rolled back because ${failed}.`);
  }
}

/** After the end the revision that won keeps its tasks. One that failed without a way back starts none. */
function stay({ moment, service, deployment }: Shifting): void {
  const { status, revision, rollback } = deployment;
  if (status === 'STOPPED' || status === 'ROLLBACK_FAILED') return;
  const goal = rollback?.revision ?? revision;
  keep(moment, service, deployment, goal, service.desired);
  stopOthers(moment, service, deployment, [goal]);
}

function keepFleets({ moment, service, deployment, shift }: Shifting): void {
  const { revision, source } = deployment;
  const { stage, sourceRuns } = shift;
  const target = BEFORE_SCALE_UP.includes(stage) ? 0 : service.desired;
  keep(moment, service, deployment, revision, target);
  if (source === undefined) return;
  keep(moment, service, deployment, source, sourceRuns && stage !== 'CLEAN_UP' ? service.desired : 0);
}

/** @returns why the deployment fails */
function goOnIn(shifting: Shifting): string | undefined {
  const { moment, service, deployment, shift } = shifting;
  const hooks = runHooks(moment, service, deployment, shift);
  if (hooks.kind === 'failed') return hooks.why;
  if (hooks.kind === 'waiting') return undefined;
  const index = STAGES.findIndex(([stage]) => stage === shift.stage);
  const [, work] = STAGES[index] ?? [];
  const result = work?.(shifting) ?? 'waiting';
  if (typeof result === 'object') return result.failed;
  if (result === 'waiting') return undefined;
  const [next] = STAGES[index + 1] ?? [];
  if (next === undefined) succeed(shifting);
  else enter(shifting, next);
  return undefined;
}

function enter({ moment, shift }: Shifting, stage: ServiceDeploymentLifecycleStage): void {
  if (shift.stage === stage) return;
  shift.stage = stage;
  shift.stageSince = moment.now;
}

function succeed({ moment, service, deployment }: Shifting): void {
  endDeployment(moment, service, deployment, 'SUCCESSFUL');
  say(moment, service, `(deployment ecs-svc/${deployment.id}) deployment completed.`);
  say(moment, service, 'has reached a steady state.');
}

/** Tasks that an earlier deployment has left go, and the revision before gets all traffic back. */
function reconcile(shifting: Shifting): Work {
  const { moment, service, deployment, shift } = shifting;
  const { revision, source } = deployment;
  const alive = aliveTasks(moment.state, service);
  const others = alive.filter((task) => task.revision !== revision && task.revision !== source);
  if (others.length === 0) return 'done';
  if (source !== undefined && shift.sourceRuns && !isComplete(moment, service, source, service.desired)) {
    return 'waiting';
  }
  const failed = trafficOf(shifting, 0);
  if (failed !== undefined) return { failed };
  stopOthers(moment, service, deployment, [revision, source]);
  return 'waiting';
}

function scaleUp({ moment, service, deployment: { revision } }: Shifting): Work {
  return isComplete(moment, service, revision, service.desired) ? 'done' : 'waiting';
}

function shiftTest({ moment, service, deployment, shift }: Shifting): Work {
  const failed =
    shift.test === 100 ? undefined : giveTraffic(moment, service, deployment, shift, 'test', 100);
  if (failed !== undefined) return { failed };
  return secondsSince(moment, shift.stageSince) >= moment.state.timing.shiftsWithin ? 'done' : 'waiting';
}

function shiftProduction({ moment, service, deployment, shift }: Shifting): Work {
  const steps = stepsOf(shift.settings);
  const before = steps[shift.step - 1];
  const { shiftsWithin } = moment.state.timing;
  const wait = before ? before.wait * 60 + shiftsWithin : 0;
  if (before && secondsSince(moment, shift.stepSince) < wait) return 'waiting';
  const next = steps[shift.step];
  if (!next) return 'done';
  const failed = giveTraffic(moment, service, deployment, shift, 'production', next.percent);
  if (failed !== undefined) return { failed };
  shift.step += 1;
  shift.stepSince = moment.now;
  return 'waiting';
}

function bake({ moment, shift }: Shifting): Work {
  return secondsSince(moment, shift.stageSince) >= shift.settings.bakeTime * 60 ? 'done' : 'waiting';
}

function cleanUp({ moment, service, deployment: { revision } }: Shifting): Work {
  return aliveTasks(moment.state, service).every((task) => task.revision === revision) ? 'done' : 'waiting';
}

/**
 * All traffic goes back at once, as soon as the earlier revision has its tasks; then those of the new one go.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-blue-green.html
 */
function goBack(shifting: Shifting, earlier: string): void {
  const { moment, service, deployment } = shifting;
  keep(moment, service, deployment, earlier, service.desired);
  if (!isComplete(moment, service, earlier, service.desired)) return enter(shifting, 'SCALE_UP');
  const failed = trafficOf(shifting, 0);
  if (failed !== undefined) return endDeployment(moment, service, deployment, 'ROLLBACK_FAILED', failed);
  enter(shifting, 'CLEAN_UP');
  stopOthers(moment, service, deployment, [earlier]);
  if (aliveTasks(moment.state, service).some(({ revision }) => revision !== earlier)) return;
  endDeployment(moment, service, deployment, 'ROLLBACK_SUCCESSFUL');
  say(moment, service, 'has reached a steady state.');
}

/** Production and test traffic of the new revision. */
function trafficOf({ moment, service, deployment, shift }: Shifting, percent: number): string | undefined {
  return (
    giveTraffic(moment, service, deployment, shift, 'production', percent) ??
    giveTraffic(moment, service, deployment, shift, 'test', percent)
  );
}
