import { conditionKey, contextOf, providerArn, type Token, WEB_IDENTITY_ACTION } from '../issuer';
import { type JobRun, mint } from '../mint';
import type { Attempt } from '../trust';

/** The part of a trust that a group of strangers tries. */
export type Family = 'repository' | 'context' | 'workflow file' | 'ids' | 'audience' | 'subject' | 'provider';

/** Conditions that a setting can switch off. */
export type Switchable = 'job_workflow_ref' | 'repository ids';

/** Somebody who must not get a session: one thing differs from a job that may. */
export interface Stranger {
  readonly name: string;
  /** Who could come with such a token. */
  readonly reason: string;
  readonly family: Family;
  /** The one condition that tells the stranger from an own job; absent where the subject does. */
  readonly heldBy?: Switchable;
  readonly attempt: Attempt;
}

/** An own job of a role, and the names around it that strangers are made from. */
export interface Base {
  readonly run: JobRun;
  /** Claims of the run, as condition keys. */
  readonly context: Token;
  readonly account: string;
  /** Every GitHub environment that the platform knows. */
  readonly environments: readonly string[];
  /** Other accounts of the platform. */
  readonly otherAccounts: readonly string[];
  /** Other workflow files of the repository. */
  readonly files: readonly string[];
  /** Whether a push of the ref starts the workflow. */
  readonly admits: (ref: string) => boolean;
}

type Description = readonly [name: string, reason: string];

/** A stranger whose token GitHub mints for another run. */
export function byRun(
  base: Base,
  family: Family,
  description: Description,
  change: Partial<JobRun>,
  heldBy?: Switchable,
): Stranger {
  return withContext(base, family, description, contextOf(mint({ ...base.run, ...change })), heldBy);
}

/** A stranger with single claims that differ; `undefined` takes a claim away. */
export function byClaims(
  base: Base,
  family: Family,
  description: Description,
  claims: Readonly<Record<string, string | readonly string[] | undefined>>,
  heldBy?: Switchable,
): Stranger {
  const changed = Object.entries(claims);
  const gone = changed.filter(([, value]) => value === undefined).map(([claim]) => conditionKey(claim));
  const context: Record<string, string | readonly string[]> =
    gone.length > 0
      ? Object.fromEntries(Object.entries(base.context).filter(([key]) => !gone.includes(key)))
      : { ...base.context };
  for (const [claim, value] of changed) if (value !== undefined) context[conditionKey(claim)] = value;
  return withContext(base, family, description, context, heldBy);
}

function withContext(
  { account }: Base,
  family: Family,
  [name, reason]: Description,
  context: Token,
  heldBy: Switchable | undefined,
): Stranger {
  return {
    name,
    reason,
    family,
    ...(heldBy !== undefined && { heldBy }),
    attempt: { provider: providerArn(account), action: WEB_IDENTITY_ACTION, context },
  };
}

/** The subject of an own job. */
export const subjectOf = ({ context }: Base): string => String(context[conditionKey('sub')]);
