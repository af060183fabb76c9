import { type Fault, LockstepError } from '../../contract';
import type { Artefacts, RehearsedCall } from '../artefacts';
import { glob, type RequestContext } from '../iam';
import { allows, grantsOf } from './grants';
import { jobCalls } from './job-calls';
import { referenceOf } from './reference';
import { type RoleReview, roleReviews } from './role-review';

/** A call that a step declares, with the role whose session the step has. */
export interface DeclaredCall {
  /** ARN of the role. */
  readonly role: string;
  readonly action: string;
  /** ARN, perhaps with `*` for what AWS chooses; `*` alone where the action knows no resource. */
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
  /** `file:line job/step`, and what the step does. */
  readonly place: string;
}

/** Every call of every step behind a sign-in; the same call once for each step that declares it. */
export function declaredCalls(artefacts: Artefacts): readonly DeclaredCall[] {
  return jobCalls(artefacts, referenceOf(artefacts)).steps.flatMap(({ session, place, calls }) => {
    const role = session?.role;
    if (role === undefined) return [];
    return calls.map(({ action, resource, context }) => ({ role, action, resource, context, place }));
  });
}

/** A declared call with every place that declares it. */
export interface DeclaredOnce extends DeclaredCall {
  readonly places: readonly string[];
}

/** Calls that were made against calls that are declared, each once. */
export interface CallComparison<Made> {
  readonly undeclared: readonly Made[];
  readonly unmade: readonly DeclaredOnce[];
  /** Declared calls that were made. */
  readonly matched: number;
}

type MadeCall = Omit<RehearsedCall, 'place'>;

/**
 * Compares in both directions. Two calls are the same when IAM would decide the same about them: a declared
 * pattern stands for every resource that it matches, and what the request carries beyond the declared
 * condition keys does not matter. `*` alone is no pattern but what IAM is asked where an action knows no
 * resource.
 */
export function compareCalls<Made extends MadeCall>(
  declared: readonly DeclaredCall[],
  made: readonly Made[],
): CallComparison<Made> {
  const wanted = onceEach(declared).map((calls): DeclaredOnce => {
    const places = [...new Set(calls.map(({ place }) => place))];
    return { ...calls[0], places };
  });
  const byAction = new Map<string, DeclaredOnce[]>();
  for (const call of wanted) {
    const list = byAction.get(actionOf(call));
    if (list) list.push(call);
    else byAction.set(actionOf(call), [call]);
  }
  const seen = new Set<DeclaredOnce>();
  const undeclared = onceEach(made).flatMap(([call]) => {
    const found = (byAction.get(actionOf(call)) ?? []).filter((candidate) => declares(candidate, call));
    for (const each of found) seen.add(each);
    return found.length > 0 ? [] : [call];
  });
  return { undeclared, unmade: wanted.filter((call) => !seen.has(call)), matched: seen.size };
}

/** Calls that are the same to IAM, together, in the order of the first of each. */
function onceEach<Call extends MadeCall | DeclaredCall>(
  calls: readonly Call[],
): readonly (readonly [Call, ...Call[]])[] {
  const groups = new Map<string, [Call, ...Call[]]>();
  for (const call of calls) {
    const group = groups.get(keyOf(call));
    if (group) group.push(call);
    else groups.set(keyOf(call), [call]);
  }
  return [...groups.values()];
}

function declares({ resource, context = {} }: DeclaredCall, made: MadeCall): boolean {
  const named = resource === '*' ? made.resource === '*' : glob(resource)(made.resource);
  return named && Object.entries(context).every(([key, value]) => carries(made.context, key, value));
}

/** Names of condition keys ignore case. */
function carries(context: RequestContext, key: string, value: string): boolean {
  return Object.entries(context).some(
    ([name, given]) => name.toLowerCase() === key.toLowerCase() && [given].flat().includes(value),
  );
}

const actionOf = ({ role, action }: Pick<MadeCall, 'role' | 'action'>): string =>
  `${role} ${action.toLowerCase()}`;

const keyOf = ({ role, action, resource, context = {} }: MadeCall | DeclaredCall): string =>
  JSON.stringify([role, action.toLowerCase(), resource, Object.entries(context).sort()]);

/** Calls that a rehearsal saw and that no step with the role declares. */
export function undeclaredFaults(artefacts: Artefacts, made: readonly RehearsedCall[]): readonly Fault[] {
  const declared = declaredCalls(artefacts);
  return compareCalls(declared, made).undeclared.map(({ role, action, resource, context, place }) => {
    const same = declared.filter((call) => actionOf(call) === actionOf({ role, action }));
    const known = [...new Set(same.map((call) => `${call.resource}${contextText(call.context)}`))];
    return {
      place,
      value: `${action} on ${resource}${contextText(context)} with ${role}, which no step declares`,
      allowed:
        known.length > 0
          ? `as steps with this role declare it: ${known.join(', ')}`
          : 'calls that a step declares',
      change: 'declare the call beside the spec or the action that makes it, or make it no more',
    };
  });
}

/** Calls that steps declare and that their role grants, but that no scenario of a rehearsal made. */
export function unmadeFaults(artefacts: Artefacts, made: readonly RehearsedCall[]): readonly Fault[] {
  const reviews = roleReviews(artefacts);
  return compareCalls(declaredCalls(artefacts), made).unmade.flatMap((call): readonly Fault[] => {
    const review = reviews.get(call.role);
    if (!review || !isGranted(call, review)) return [];
    const [first = review.place, ...others] = call.places;
    return [
      {
        place: first,
        value:
          `${call.action} on ${call.resource}${contextText(call.context)} with ${call.role}, ` +
          `made in no scenario${others.length > 0 ? `; also declared at ${others.join(', ')}` : ''}`,
        allowed: 'declared calls that a scenario of the rehearsal makes',
        change: 'take it out of the calls of its verb, or add a scenario in which it is needed',
      },
    ];
  });
}

function isGranted(call: DeclaredCall, review: RoleReview): boolean {
  const asked = review.calls.find((each) => keyOf({ ...each.call, role: call.role }) === keyOf(call));
  return (
    asked !== undefined &&
    grantsOf(review).grants.some((grant) => {
      try {
        return allows(grant, asked);
      } catch (error) {
        // What a policy holds beyond the model is a finding of its own.
        if (!LockstepError.is(error)) throw error;
        return false;
      }
    })
  );
}

function contextText(context: RequestContext = {}): string {
  const keys = Object.entries(context).map(([key, value]) => `${key}=${[value].flat().join(',')}`);
  return keys.length > 0 ? ` (${keys.join(', ')})` : '';
}
