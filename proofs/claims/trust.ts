import { type Fault, LockstepError } from '../../contract';
import type { TemplateRole } from '../artefacts';
import { evaluateTrust, type NamedPolicy, parsePolicy } from '../iam';
import type { Token } from './issuer';

/** Somebody asks a role for a session. */
export interface Attempt {
  /** ARN of the identity provider behind the token. */
  readonly provider: string;
  readonly action: string;
  /** Claims as condition keys. */
  readonly context: Token;
}

export interface Verdict {
  readonly accepted: boolean;
  readonly because: readonly string[];
}

/** A role whose trust was read, or the fault that kept it from being read. */
export type ReadTrust =
  | { readonly policy: NamedPolicy<'trust'>; readonly fault?: undefined }
  | { readonly policy?: undefined; readonly fault: Fault };

/** Reads the trust policy of a role. What is not understood is a fault, never an answer. */
export function readTrust({ place, name, trust }: Pick<TemplateRole, 'place' | 'name' | 'trust'>): ReadTrust {
  try {
    return { policy: parsePolicy(name, trust, 'trust') };
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    const [fault] = error.faults;
    return { fault: { ...(fault ?? UNREADABLE), place: `${place}, trust of ${fault?.place ?? 'the role'}` } };
  }
}

const UNREADABLE = {
  value: 'a policy that cannot be read',
  allowed: 'a policy document of IAM',
  change: 'write the trust policy anew',
};

/**
 * What the role answers. A claim with several values is tried value by value and counts as accepted when
 * any one is: whether AWS compares each or refuses the list, it is no more generous than that.
 */
export function answer(policy: NamedPolicy<'trust'>, { provider, action, context }: Attempt): Verdict {
  let verdict: Verdict = { accepted: false, because: ['a claim without value'] };
  for (const single of singles(context)) {
    const { effect, because } = evaluateTrust(policy, { provider, action, context: single });
    verdict = { accepted: effect === 'allowed', because };
    if (verdict.accepted) break;
  }
  return verdict;
}

function singles(context: Token): readonly Token[] {
  const several = Object.keys(context).find((key) => typeof context[key] !== 'string');
  if (several === undefined) return [context];
  return [context[several] ?? []].flat().flatMap((value) => singles({ ...context, [several]: value }));
}

/** Whether the trust of a role is about tokens of an identity provider at all, however it is written. */
export function isFederated(trust: unknown): boolean {
  if (typeof trust === 'string') return /^(sts:(AssumeRoleWith|.*\*)|\*$)/i.test(trust);
  if (Array.isArray(trust)) return trust.some(isFederated);
  if (typeof trust !== 'object' || trust === null) return false;
  return Object.entries(trust).some(([key, value]) => key === 'Federated' || isFederated(value));
}
