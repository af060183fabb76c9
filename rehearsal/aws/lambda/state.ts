import type { Place } from '../place';

/** Everything that the model of Lambda remembers. */
export interface LambdaState {
  functions: FunctionState[];
  /** The first rule that matches takes the place of the code. */
  rules: readonly FunctionRule[];
  invocations: number;
}

export interface FunctionState extends Place {
  readonly arn: string;
  readonly name: string;
  /** Such as `index.handler`. */
  readonly handler: string;
  readonly runtime: string;
  /** Inline code. Missing for a function whose code is an archive: it cannot be run here. */
  readonly code?: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Seconds. */
  readonly timeout: number;
  /** @default - the one that Lambda makes */
  readonly logGroup?: string;
}

/** Something that goes wrong with a function. */
export interface FunctionRule {
  readonly account: string;
  /** Name of the function. */
  readonly function: string;
  /** `crashes`: it ends with an error; `hangs`: it never answers. */
  readonly fault: 'crashes' | 'hangs';
  /** Only calls whose event has this member. @default - every call */
  readonly ifEventHas?: string;
}

export const emptyState = (): LambdaState => ({ functions: [], rules: [], invocations: 0 });
