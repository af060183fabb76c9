import type { Fault } from '../../contract';
import type { Step } from '../artefacts';
import { SIGN_IN_ACTION } from './action-step';
import type { Scope } from './aws-resources';

/** The role session that the steps behind a sign-in run with. */
export interface Session {
  /** ARN of the role as the file names it; `undefined` when the file does not tell. */
  readonly role?: string;
  readonly scope?: Scope;
  readonly faults: readonly Fault[];
}

const ROLE_ARN = /^arn:aws[a-z-]*:iam::(\d{12}):role\/[\w+=,.@/-]+$/;
const STATIC_KEYS = [
  'aws-access-key-id',
  'aws-secret-access-key',
  'role-chaining',
  'use-existing-credentials',
];

/**
 * Inputs that narrow a session below what the policies of its role allow.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session
 */
const SESSION_POLICIES = ['inline-session-policy', 'managed-session-policies'];

/** The session of a step that signs in; `undefined` for every other step. */
export function sessionOf(step: Step, place: string): Session | undefined {
  if (step.uses?.action !== SIGN_IN_ACTION) return undefined;
  const role = step.with['role-to-assume'];
  const region = step.with['aws-region'];
  const faults: Fault[] = [];
  const match = ROLE_ARN.exec(role ?? '');
  if (!match) {
    faults.push({
      place,
      value: `role-to-assume is ${role ?? 'missing'}`,
      allowed: 'the ARN of one role, literally',
      change: 'write the ARN of the role into the step',
    });
  }
  if (region === undefined || region.includes('${{')) {
    faults.push({
      place,
      value: `aws-region is ${region ?? 'missing'}`,
      allowed: 'a region, literally',
      change: 'write the region into the step',
    });
  }
  for (const input of STATIC_KEYS.filter((name) => step.with[name] !== undefined)) {
    faults.push({
      place,
      value: `input ${input}`,
      allowed: 'a session from the token of the job alone',
      change: `remove ${input}: with other credentials the policies of the role say nothing about the calls`,
    });
  }
  for (const input of SESSION_POLICIES.filter((name) => step.with[name] !== undefined)) {
    faults.push({
      place,
      value: `input ${input}`,
      allowed: 'a session with all that the policies of the role allow',
      change: `remove ${input}: it takes away from the session what the role is granted for these steps`,
    });
  }
  if ((step.with['output-credentials'] ?? 'false') !== 'false') {
    faults.push({
      place,
      value: `output-credentials: ${step.with['output-credentials'] ?? ''}`,
      allowed: 'a session that stays in its job',
      change: 'remove output-credentials: as outputs, the keys reach jobs that sign in to nothing',
    });
  }
  if (step.condition !== undefined) {
    faults.push({
      place,
      value: `if: ${step.condition}`,
      allowed: 'a sign-in without condition',
      change: 'remove the condition: where it is false, later steps call with another role or with none',
    });
  }
  const account = match?.[1];
  return {
    ...(match && role !== undefined && { role }),
    ...(account !== undefined && region !== undefined && { scope: { account, region } }),
    faults,
  };
}
