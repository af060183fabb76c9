import type { ServiceDeploymentLifecycleStage } from '@aws-sdk/client-ecs';
import type { HookStage, ShiftSettings } from './settings';

/** How far a deployment that shifts traffic has come. Times are milliseconds since the epoch. */
export interface ShiftProgress {
  /** As they were when the deployment began. */
  readonly settings: ShiftSettings;
  /** Whether the revision before had tasks: one without any is not started for this deployment. */
  readonly sourceRuns: boolean;
  stage: ServiceDeploymentLifecycleStage;
  stageSince: number;
  /** Steps of production traffic that are done. */
  step: number;
  stepSince?: number;
  /** Percent of the traffic that the new revision gets. */
  production: number;
  test: number;
  hooks: HookRun[];
}

/** One hook at one stage. */
export interface HookRun {
  readonly id: string;
  readonly functionArn: string;
  readonly stage: HookStage;
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  /** What the function says, and from when on ECS knows it. */
  answer?: HookAnswer;
}

export interface HookAnswer {
  readonly status: HookRun['status'];
  readonly at: number;
  /** Seconds until ECS asks again. */
  readonly delay: number;
  /** Why it failed. */
  readonly reason?: string;
}

export const newProgress = (settings: ShiftSettings, sourceRuns: boolean, now: number): ShiftProgress => ({
  settings,
  sourceRuns,
  stage: 'RECONCILE_SERVICE',
  stageSince: now,
  step: 0,
  production: 0,
  test: 0,
  hooks: [],
});
