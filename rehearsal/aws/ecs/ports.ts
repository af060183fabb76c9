import type { Place } from '../place';

export type PullResult =
  | {
      readonly ok: true;
      /** `sha256:…`, where the registry told it. */
      readonly digest?: string;
    }
  | {
      readonly ok: false;
      /** As ECS gives it as reason of the container: `CannotPullContainerError: …`. */
      readonly reason: string;
    };

/** The registries from which instances pull. */
export interface ImagePulls {
  /** @param executionRole ARN of the role whose permissions count; the instance's role without one */
  pull(image: string, executionRole: string | undefined): PullResult;
}

export interface LogStream extends Place {
  readonly group: string;
  readonly stream: string;
}

/** Where the `awslogs` driver writes. */
export interface LogSink {
  /**
   * Creates the stream where there is none.
   *
   * @throws ApiFault when there is no such group
   */
  write(where: LogStream, lines: readonly string[]): void;
}

/** The alarms that a deployment watches. */
export interface AlarmStates {
  inAlarm(account: string, region: string, name: string): boolean;
  /** Over how many seconds the alarm looks before it changes its state. */
  lookback(account: string, region: string, name: string): number;
}

export interface Target {
  /** IP address or instance id. */
  readonly id: string;
  readonly port: number;
}

export type TargetHealth = 'initial' | 'healthy' | 'unhealthy' | 'draining';

/** The target groups in which tasks are registered, by ARN. */
export interface TargetGroups {
  /** @param answersFrom milliseconds since the epoch; missing for a target that never answers */
  register(group: string, target: Target, answersFrom: number | undefined): void;
  /** The target is drained, and forgotten after the delay of its group. */
  deregister(group: string, target: Target): void;
  /** Missing once the target is forgotten. */
  health(group: string, target: Target): TargetHealth | undefined;
}

/** Who calls for ECS, and for which service. */
interface OnBehalf {
  /** ARN of the role that ECS takes up. */
  readonly role: string;
  /** ARN. */
  readonly service: string;
}

/** Rules of listeners, which ECS changes with its infrastructure role. */
export interface ListenerRules {
  /** @returns why it was refused */
  forward(
    call: OnBehalf & { readonly rule: string },
    shares: readonly { readonly group: string; readonly weight: number }[],
  ): string | undefined;
}

/** What a function answers, and how long it takes. */
export type FunctionAnswer = { readonly seconds: number } & (
  { readonly ok: true; readonly output: unknown } | { readonly ok: false; readonly reason: string }
);

/** Functions that ECS calls as lifecycle hooks. */
export interface HookFunctions {
  /** @param now milliseconds since the epoch */
  invoke(call: OnBehalf & { readonly functionArn: string }, event: object, now: number): FunctionAnswer;
}

/** The machine of a task. */
export interface Host {
  /** Such as `g4dn.xlarge`. */
  readonly instanceType: string;
  /** Id of its machine image. */
  readonly imageId?: string;
}

/** What a program does: how long it takes, what it writes, and how it ends. */
export interface ProgramRun {
  readonly seconds: number;
  readonly lines: readonly string[];
  readonly code: number;
}

/** Programs in images, which tasks without a service run. */
export interface Programs {
  /**
   * @param host missing on Fargate
   * @returns undefined where nobody knows the program of the image: it does its work, and ends well
   */
  run(image: string, host: Host | undefined): ProgramRun | undefined;
}

export interface EcsPorts {
  readonly images: ImagePulls;
  readonly logs: LogSink;
  readonly alarms: AlarmStates;
  readonly targets: TargetGroups;
  readonly rules: ListenerRules;
  readonly functions: HookFunctions;
  readonly programs: Programs;
}

/** Surroundings in which everything works: each image is there, no alarm rings, no target is checked, no hook objects. */
export const CALM: EcsPorts = {
  images: { pull: () => ({ ok: true }) },
  logs: { write: () => undefined },
  alarms: { inAlarm: () => false, lookback: () => 0 },
  targets: { register: () => undefined, deregister: () => undefined, health: () => 'healthy' },
  rules: { forward: () => undefined },
  functions: { invoke: () => ({ ok: true, output: { hookStatus: 'SUCCEEDED' }, seconds: 0 }) },
  programs: { run: () => undefined },
};
