import { ApiFault } from '../../service';

/** A function that ECS asks at a stage of a deployment. */
export interface HookSettings {
  readonly functionArn: string;
  /** ARN of the role by which ECS calls it. */
  readonly role: string;
  readonly stages: readonly HookStage[];
}

/**
 * Stages at which a hook is modelled. On a way back ECS also asks at the stages that shift traffic: those are not.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-lifecycle-hooks.html
 */
export const HOOK_STAGES = [
  'PRE_SCALE_UP',
  'POST_SCALE_UP',
  'POST_TEST_TRAFFIC_SHIFT',
  'POST_PRODUCTION_TRAFFIC_SHIFT',
] as const;

export type HookStage = (typeof HOOK_STAGES)[number];

/** How a service goes from one revision to the next. Times are minutes. */
export type StrategySettings = { readonly kind: 'ROLLING' } | ShiftSettings;

/** Both revisions run at full size, and ECS moves the traffic. */
export interface ShiftSettings {
  readonly kind: 'BLUE_GREEN' | 'CANARY' | 'LINEAR';
  readonly bakeTime: number;
  readonly hooks: readonly HookSettings[];
  /** Of a canary or of each step; all at once without. */
  readonly part?: { readonly percent: number; readonly wait: number };
}

/** What of a deployment configuration concerns the strategy, in the form of the API. */
export interface StrategyInput {
  readonly strategy?: string;
  readonly bakeTimeInMinutes?: number;
  readonly lifecycleHooks?: readonly {
    readonly targetType?: string;
    readonly hookTargetArn?: string;
    readonly roleArn?: string;
    readonly lifecycleStages?: readonly string[];
    readonly hookDetails?: unknown;
    readonly timeoutConfiguration?: unknown;
  }[];
  readonly canaryConfiguration?: {
    readonly canaryPercent?: number;
    readonly canaryBakeTimeInMinutes?: number;
  };
  readonly linearConfiguration?: { readonly stepPercent?: number; readonly stepBakeTimeInMinutes?: number };
}

/**
 * @param before what the service had; kept where no strategy is given
 * @throws ApiFault `NotImplemented` for what is not modelled, and where the answer depends on how ECS merges a
 * configuration with the one before, which it does not tell
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function strategyOf(before: StrategySettings, given: StrategyInput): StrategySettings {
  const { strategy } = given;
  if (strategy === undefined) {
    const other = Object.entries(given).find(([, value]) => value !== undefined);
    if (other) throw notModelled(`${other[0]} without a strategy`);
    return before;
  }
  if (strategy === 'ROLLING') return { kind: 'ROLLING' };
  const part = partOf(strategy, given);
  if (given.bakeTimeInMinutes === undefined || given.lifecycleHooks === undefined) {
    throw notModelled(`${strategy} without bakeTimeInMinutes and lifecycleHooks`);
  }
  return {
    kind: strategy as ShiftSettings['kind'],
    bakeTime: given.bakeTimeInMinutes,
    hooks: given.lifecycleHooks.map(hookOf),
    ...(part && { part }),
  };
}

function partOf(strategy: string, { canaryConfiguration, linearConfiguration }: StrategyInput) {
  if (strategy === 'BLUE_GREEN') return undefined;
  if (strategy === 'CANARY') {
    const { canaryPercent: percent, canaryBakeTimeInMinutes: wait } = canaryConfiguration ?? {};
    if (percent !== undefined && wait !== undefined) return { percent, wait };
  }
  if (strategy === 'LINEAR') {
    const { stepPercent: percent, stepBakeTimeInMinutes: wait } = linearConfiguration ?? {};
    if (percent !== undefined && wait !== undefined) return { percent, wait };
  }
  throw notModelled(`${strategy} without its percent and bake time`);
}

function hookOf(hook: NonNullable<StrategyInput['lifecycleHooks']>[number]): HookSettings {
  const { targetType = 'AWS_LAMBDA', hookTargetArn, roleArn, lifecycleStages = [] } = hook;
  if (targetType !== 'AWS_LAMBDA') throw notModelled(`a lifecycle hook of type ${targetType}`);
  if (hook.hookDetails !== undefined || hook.timeoutConfiguration !== undefined) {
    throw notModelled('details or a timeout of a lifecycle hook');
  }
  if (hookTargetArn === undefined || roleArn === undefined || lifecycleStages.length === 0) {
    throw new ApiFault('InvalidParameterException', 'A lifecycle hook needs a target, a role and stages.');
  }
  return { functionArn: hookTargetArn, role: roleArn, stages: lifecycleStages.map(stageOf) };
}

function stageOf(stage: string): HookStage {
  const known = HOOK_STAGES.find((each) => each === stage);
  if (known) return known;
  throw notModelled(`a lifecycle hook at ${stage}`);
}

const notModelled = (what: string): ApiFault =>
  new ApiFault('NotImplemented', `the rehearsal does not model ${what}`, 501);

/** A share of the production traffic, and how long it stays before the next one. */
export interface Step {
  readonly percent: number;
  /** Minutes; none after the last. */
  readonly wait: number;
}

/**
 * In which steps production traffic moves.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-linear.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/canary-deployment.html
 */
export function stepsOf({ kind, part }: ShiftSettings): readonly Step[] {
  const whole: Step = { percent: 100, wait: 0 };
  if (part === undefined) return [whole];
  const { percent, wait } = part;
  if (kind === 'CANARY') return percent < 100 ? [{ percent, wait }, whole] : [whole];
  const before = Math.ceil(100 / percent) - 1;
  return [...Array.from({ length: before }, (_, index) => ({ percent: percent * (index + 1), wait })), whole];
}

/** As `DescribeServices` tells it. */
export function describedStrategy(settings: StrategySettings): object {
  if (settings.kind === 'ROLLING') return { strategy: settings.kind };
  const { kind, bakeTime, hooks, part } = settings;
  return {
    strategy: kind,
    bakeTimeInMinutes: bakeTime,
    lifecycleHooks: hooks.map(({ functionArn, role, stages }) => ({
      targetType: 'AWS_LAMBDA',
      hookTargetArn: functionArn,
      roleArn: role,
      lifecycleStages: stages,
    })),
    ...(kind === 'CANARY' && {
      canaryConfiguration: { canaryPercent: part?.percent, canaryBakeTimeInMinutes: part?.wait },
    }),
    ...(kind === 'LINEAR' && {
      linearConfiguration: { stepPercent: part?.percent, stepBakeTimeInMinutes: part?.wait },
    }),
  };
}
