import type { AwsCall } from '../../contract';
import type { ActionName } from '../pins/pins';

/**
 * What a workflow will be, as data: no YAML, no file system. The renderer, the proofs and the rehearsal
 * read it. Names follow GitHub's.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax
 */
export interface PipelinePlan {
  /** Path from the root of the repository. */
  readonly file: string;
  readonly name: string;
  /** Title of a run, with expressions. @default - GitHub's own */
  readonly runName?: string;
  /** What the workflow does, for the head of the file; one entry per line. */
  readonly comment: readonly string[];
  readonly triggers: Triggers;
  readonly concurrency?: Concurrency;
  readonly jobs: readonly PlannedJob[];
}

export interface Triggers {
  readonly push?: PushTrigger;
  readonly pullRequest?: { readonly branches: readonly string[] };
  readonly dispatch?: { readonly inputs: Readonly<Record<string, DispatchInput>> };
  /** Cron expression in UTC. GitHub runs the file of the default branch, and may be late. */
  readonly schedule?: string;
}

/** A push of a branch and a push of a tag are alternatives. Tags are not filtered by path. */
export interface PushTrigger {
  readonly branches: readonly string[];
  /** @default - pushes of tags start nothing */
  readonly tags?: readonly string[];
  /** @default - every path */
  readonly paths?: readonly string[];
}

export type DispatchInput =
  | {
      readonly type: 'choice';
      readonly description: string;
      readonly options: readonly string[];
      /** @default - the first option */
      readonly default?: string;
    }
  | { readonly type: 'string'; readonly description: string };

export interface Concurrency {
  readonly group: string;
  /** Expression or boolean. A deployment that runs is never cancelled by a later one. */
  readonly cancelInProgress: boolean | string;
}

export interface Permission {
  readonly scope: PermissionScope;
  readonly access: 'read' | 'write';
  /** Why the job needs it; written behind the permission. */
  readonly reason: string;
}

export type PermissionScope = 'actions' | 'attestations' | 'contents' | 'id-token' | 'security-events';

export interface PlannedJob {
  readonly id: string;
  readonly name: string;
  /** Job ids. */
  readonly needs: readonly string[];
  /** Expression without `${{ }}`. @default - runs when all needed jobs succeeded */
  readonly condition?: string;
  /** GitHub environment: its protection rules apply and the token's subject names it. */
  readonly environment?: string;
  /** Written above `if` (without one, above `environment`), where they are not plain; one entry per line. */
  readonly reason?: readonly string[];
  /** Makes one job of each combination. @default - one job */
  readonly matrix?: Matrix;
  readonly runsOn: readonly string[];
  readonly timeoutMinutes: number;
  readonly permissions: readonly Permission[];
  /** Role that the job assumes. @default - the job never reaches AWS */
  readonly role?: AssumedRole;
  readonly concurrency: Concurrency;
  /** Expressions by name. A value that holds a masked text, such as an account id, arrives empty. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** Combinations of values; the job reads its own as `matrix.<axis>`. One that fails cancels no other. */
export interface Matrix {
  /** In the order in which names of jobs show them. */
  readonly axes: Readonly<Record<string, readonly string[]>>;
  /** Combinations that are left out: all that have these values. */
  readonly exclude: readonly {
    readonly values: Readonly<Record<string, string>>;
    /** Written above them; one entry per line. */
    readonly reason: readonly string[];
  }[];
  /** Jobs at the same time. */
  readonly maxParallel: number;
}

export interface AssumedRole {
  /** Role id of the manifest. */
  readonly id: string;
  readonly sessionMinutes: number;
}

export type Step = UsesStep | RunStep | CommandStep;

interface StepBase {
  readonly name: string;
  readonly id?: string;
  /** Expression without `${{ }}`. @default - runs when all earlier steps succeeded */
  readonly condition?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Written above the step, where its purpose is not plain. */
  readonly reason?: string;
  /** AWS calls that the step makes with the role of its job. */
  readonly calls: readonly AwsCall[];
}

/** A third-party action at its reviewed pin. */
export interface UsesStep extends StepBase {
  readonly kind: 'uses';
  readonly uses: ActionName;
  readonly with: Readonly<Record<string, InputValue>>;
}

/** Value of an action's input, where needed with a remark behind it. */
export type InputValue = Scalar | { readonly value: Scalar; readonly remark: string };
export type Scalar = string | number | boolean;

/** A script for bash. */
export interface RunStep extends StepBase {
  readonly kind: 'run';
  readonly run: string;
  /** @default - the root of the repository */
  readonly workingDirectory?: string;
}

/** A call of the pipeline command, `.lockstep/cli.mjs`. */
export interface CommandStep extends StepBase {
  readonly kind: 'command';
  readonly command: Command;
}

export interface Command {
  /** Such as `deploy` or `image find`. */
  readonly verb: string;
  /** What it is done to: a workload or, for the verbs of an image, an image. @default - the whole platform */
  readonly subject?: string;
  readonly options: readonly CommandOption[];
}

export type CommandOption =
  /** A switch such as `--list`. */
  | { readonly flag: string }
  | { readonly flag: string; readonly value: string }
  /** Value of an environment variable of the step; an optional flag is left out when it is empty. */
  | { readonly flag: string; readonly variable: string; readonly optional?: boolean };
