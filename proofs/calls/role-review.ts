import { type Fault, LockstepError, type RoleEntry } from '../../contract';
import type { Artefacts, Resource, TemplateRole } from '../artefacts';
import {
  type Decision,
  evaluate,
  type IamRequest,
  type NamedPolicy,
  parsePolicy,
  type PolicySet,
} from '../iam';
import { callKey, type StepCall } from './call';
import { type CallingStep, jobCalls } from './job-calls';
import { referenceOf } from './reference';

/** A call that jobs make with a role, and the steps that make it. */
export interface RoleCall {
  readonly call: StepCall;
  readonly places: readonly string[];
}

/** A role with its policies as the template has them, and what jobs call with it. */
export interface RoleReview {
  readonly role: TemplateRole;
  /** Construct path and name. */
  readonly place: string;
  readonly policies: PolicySet;
  /** What of its policies could not be read. Nothing is evaluated against half of a role. */
  readonly faults: readonly Fault[];
  /** Each call once. */
  readonly calls: readonly RoleCall[];
  /** Steps that have a session of the role. */
  readonly steps: readonly CallingStep[];
  /** @throws LockstepError `UnsupportedPolicy` where the answer would be a guess */
  readonly decide: (request: IamRequest) => Decision;
}

const known = new WeakMap<Artefacts, ReadonlyMap<string, RoleReview>>();

/** Every role that the manifest lists or a job assumes, by ARN. */
export function roleReviews(artefacts: Artefacts): ReadonlyMap<string, RoleReview> {
  const before = known.get(artefacts);
  if (before) return before;
  const steps = new Map<string, CallingStep[]>();
  for (const step of jobCalls(artefacts, referenceOf(artefacts)).steps) {
    const role = step.session?.role;
    if (role === undefined) continue;
    const list = steps.get(role);
    if (list) list.push(step);
    else steps.set(role, [step]);
  }
  const entries = new Map(artefacts.manifest.roles.map((entry) => [entry.arn, entry]));
  const managed = managedPolicies(artefacts.resources);
  const reviews = new Map(
    artefacts.roles
      .filter(({ arn }) => entries.has(arn) || steps.has(arn))
      .map((role) => [role.arn, review(role, entries.get(role.arn), steps.get(role.arn) ?? [], managed)]),
  );
  known.set(artefacts, reviews);
  return reviews;
}

function review(
  role: TemplateRole,
  entry: RoleEntry | undefined,
  steps: readonly CallingStep[],
  managed: ReadonlyMap<string, Resource>,
): RoleReview {
  const place = `${entry?.constructPath ?? role.place} (role ${role.name})`;
  const { policies, faults } = policiesOf(role, place, managed);
  return {
    role,
    place,
    policies,
    faults,
    steps,
    calls: distinct(steps),
    decide: (request) => evaluate(policies, request),
  };
}

/** What a role may do as the templates say it, and what of that could not be read. */
export function policiesOf(
  role: TemplateRole,
  place: string,
  managed: ReadonlyMap<string, Resource>,
): Pick<RoleReview, 'policies' | 'faults'> {
  const faults: Fault[] = role.unread.map((fault) => ({ ...fault, place: `${place}, ${fault.place}` }));
  const parse = (name: string, document: unknown): NamedPolicy<'identity'>[] => {
    try {
      return [parsePolicy(name, document, 'identity')];
    } catch (error) {
      if (!LockstepError.is(error)) throw error;
      faults.push(...error.faults.map((fault) => ({ ...fault, place: `${place}, ${fault.place}` })));
      return [];
    }
  };
  const identity = role.policies.flatMap(({ name, document }) => parse(name, document));
  const boundary = boundaryOf(role, managed);
  if (boundary === 'unknown') {
    faults.push({
      place: `${place}, PermissionsBoundary`,
      value: String(role.boundary),
      allowed: 'a managed policy with a name in one of the templates, or none',
      change: 'declare the boundary in a stack, for what it allows cannot be read',
    });
  }
  const policies: PolicySet = {
    identity,
    ...(typeof boundary === 'object' && {
      boundary: parse(boundary.logicalId, boundary.properties.PolicyDocument),
    }),
  };
  return { policies, faults };
}

/** What IAM is asked about a call. What AWS chooses is given a name that no policy spells out. */
export function requestOf({ action, resource, context }: StepCall): IamRequest {
  const named = resource.replaceAll('*', CHOSEN_BY_AWS).replaceAll('?', CHARACTER);
  return { action, resource: resource === '*' ? resource : named, context };
}

export const CHOSEN_BY_AWS = 'chosen-by-aws';
/** Where the length of what is chosen is known, such as that of a hash. */
const CHARACTER = 'x';

function distinct(steps: readonly CallingStep[]): readonly RoleCall[] {
  const calls = new Map<string, { readonly call: StepCall; readonly places: string[] }>();
  for (const { calls: made, place } of steps) {
    for (const call of made) {
      const key = callKey(call);
      const before = calls.get(key);
      if (!before) calls.set(key, { call, places: [place] });
      else if (!before.places.includes(place)) before.places.push(place);
    }
  }
  return [...calls.values()];
}

function boundaryOf(
  { boundary }: TemplateRole,
  managed: ReadonlyMap<string, Resource>,
): Resource | 'unknown' | undefined {
  if (boundary === undefined) return undefined;
  return (typeof boundary === 'string' ? managed.get(boundary) : undefined) ?? 'unknown';
}

/** Managed policies that templates make, by ARN. */
export function managedPolicies(resources: readonly Resource[]): ReadonlyMap<string, Resource> {
  const entries = resources.flatMap((resource) => {
    const { type, account, properties } = resource;
    const name = properties.ManagedPolicyName;
    if (type !== 'AWS::IAM::ManagedPolicy' || typeof name !== 'string') return [];
    return [[`arn:aws:iam::${account}:policy/${name}`, resource] as const];
  });
  return new Map(entries);
}
