import { z } from 'zod';
import { type Moment, nextId } from '../moment';
import { revisionArn } from '../names';
import type { DeploymentState, ServiceState } from '../state';
import type { HookAnswer, HookRun, ShiftProgress } from './progress';
import { HOOK_STAGES, type HookSettings, type HookStage } from './settings';

/** Seconds until ECS asks a function again that has said `IN_PROGRESS`. */
const ASKS_AGAIN_AFTER = 30;

/** Longest that a hook of a stage may take, in seconds. */
const LONGEST_STAGE = 24 * 3_600;

const answerSchema = z.looseObject({
  hookStatus: z.enum(['SUCCEEDED', 'FAILED', 'IN_PROGRESS']),
  callBackDelay: z.number().int().positive().default(ASKS_AGAIN_AFTER),
});

/** What the hooks of a stage have come to. */
export type HookOutcome =
  { readonly kind: 'waiting' | 'done' } | { readonly kind: 'failed'; readonly why: string };

/**
 * Asks the functions of the stage, and again those that are not done.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export function runHooks(
  moment: Moment,
  service: ServiceState,
  deployment: DeploymentState,
  shift: ShiftProgress,
): HookOutcome {
  const stage = HOOK_STAGES.find((each) => each === shift.stage);
  if (!stage) return { kind: 'done' };
  const hooks = shift.settings.hooks.filter(({ stages }) => stages.includes(stage));
  for (const hook of hooks) {
    const run = runOf(moment, shift, hook, stage);
    go(moment, service, deployment, shift, hook, run);
    if (run.status === 'FAILED') return { kind: 'failed', why: whyOf(run) };
  }
  const runs = shift.hooks.filter((each) => each.stage === stage);
  return { kind: runs.every(({ status }) => status === 'SUCCEEDED') ? 'done' : 'waiting' };
}

function runOf(
  moment: Moment,
  shift: ShiftProgress,
  { functionArn }: HookSettings,
  stage: HookStage,
): HookRun {
  const known = shift.hooks.find((each) => each.stage === stage && each.functionArn === functionArn);
  if (known) return known;
  const run: HookRun = { id: nextId(moment, 'hook'), functionArn, stage, status: 'IN_PROGRESS' };
  shift.hooks.push(run);
  return run;
}

function go(
  moment: Moment,
  service: ServiceState,
  deployment: DeploymentState,
  shift: ShiftProgress,
  hook: HookSettings,
  run: HookRun,
): void {
  if (run.status !== 'IN_PROGRESS') return;
  const { answer } = run;
  const asks =
    answer === undefined ||
    (answer.at + answer.delay * 1_000 <= moment.now && answer.status === 'IN_PROGRESS');
  if (asks) run.answer = ask(moment, service, deployment, shift, hook, run);
  const told = run.answer;
  if (told && told.at <= moment.now) run.status = told.status;
  const longest = moment.now - shift.stageSince >= LONGEST_STAGE * 1_000;
  if (longest && run.status === 'IN_PROGRESS') run.status = 'FAILED';
}

function ask(
  moment: Moment,
  service: ServiceState,
  deployment: DeploymentState,
  shift: ShiftProgress,
  { functionArn, role }: HookSettings,
  run: HookRun,
): HookAnswer {
  const event = payload(service, deployment, shift, run);
  const answered = moment.ports.functions.invoke(
    { functionArn, role, service: service.arn },
    event,
    moment.now,
  );
  const at = moment.now + answered.seconds * 1_000;
  if (!answered.ok) return { status: 'FAILED', at, delay: 0, reason: answered.reason };
  const read = answerSchema.safeParse(answered.output);
  if (!read.success)
    return { status: 'FAILED', at, delay: 0, reason: 'it answered without a valid hookStatus' };
  return { status: read.data.hookStatus, at, delay: read.data.callBackDelay };
}

/** What every stage tells a function. */
function payload(
  service: ServiceState,
  { id, revision, source }: DeploymentState,
  { stage, production, test }: ShiftProgress,
  run: HookRun,
): object {
  const target = revisionArn(service, revision);
  const weights = (percent: number) => ({
    ...(source !== undefined && { [revisionArn(service, source)]: 100 - percent }),
    [target]: percent,
  });
  return {
    executionDetails: {
      serviceArn: service.arn,
      targetServiceRevisionArn: target,
      testTrafficWeights: weights(test),
      productionTrafficWeights: weights(production),
    },
    executionId: run.id,
    lifecycleStage: stage,
    resourceArn: `${service.arn.replace(':service/', ':service-deployment/')}/${id}`,
  };
}

const whyOf = ({ functionArn, answer }: HookRun): string =>
  `the lifecycle hook ${functionArn} failed${answer?.reason === undefined ? '' : `: ${answer.reason}`}`;

/** As `DescribeServiceDeployments` tells them. */
export const describedHooks = ({ hooks }: ShiftProgress): readonly object[] =>
  hooks.map(({ id, functionArn, status }) => ({
    hookId: id,
    targetType: 'AWS_LAMBDA',
    targetArn: functionArn,
    status,
  }));
