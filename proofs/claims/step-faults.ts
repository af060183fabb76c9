import type { Fault } from '../../contract';
import type { TemplateRole } from '../artefacts';
import { accessTo, isLiteral, type SignIn } from './sign-in';

/** Inputs that make the action take its credentials from elsewhere than the token of the job. */
const OTHER_SOURCES = ['aws-access-key-id', 'web-identity-token-file', 'role-chaining', 'force-skip-oidc'];

/** What a sign-in step must say, whatever the role answers. */
export const STEP_RULES = 5;

/**
 * Faults of the step and its job themselves.
 *
 * @param regions regions that stacks of the role's account lie in
 */
export function stepFaults(
  { workflow, job, step, place }: SignIn,
  role: TemplateRole,
  regions: ReadonlySet<string>,
): readonly Fault[] {
  const faults: Fault[] = [];
  const expect = (holds: boolean, fault: Fault): void => {
    if (!holds) faults.push(fault);
  };
  const access = accessTo('id-token', workflow, job);
  expect(access === 'write', {
    place: `${workflow.file}:${job.line} ${job.id}, permissions`,
    value: `id-token: ${access}`,
    allowed: 'id-token: write, without which GitHub gives the job no token',
    change: 'add `id-token: write` to the permissions of the job',
  });
  const accounts = step.with['allowed-account-ids'] ?? '';
  expect(accounts.trim() === role.account, {
    place: `${place}, allowed-account-ids`,
    value: accounts || 'nothing',
    allowed: `${role.account}, the account of ${role.name}`,
    change: `write allowed-account-ids: '${role.account}'`,
  });
  const region = step.with['aws-region'] ?? '';
  expect(regions.has(region), {
    place: `${place}, aws-region`,
    value: region || 'nothing',
    allowed: [...regions].join(' or ') || 'a region that stacks of the account lie in',
    change: 'name a region that stacks of the account lie in',
  });
  const elsewhere = OTHER_SOURCES.filter((input) => (step.with[input] ?? 'false') !== 'false');
  expect(elsewhere.length === 0, {
    place: `${place}, ${elsewhere.join(', ')}`,
    value: 'credentials from elsewhere than the token of the job',
    allowed: 'role-to-assume with the token of the job alone',
    change: `remove ${elsewhere.join(', ')}`,
  });
  expect(isLiteral(job.environment ?? ''), {
    place: `${workflow.file}:${job.line} ${job.id}, environment`,
    value: job.environment ?? '',
    allowed: 'the name of an environment as it stands: the subject of the token holds it',
    change: 'write one job for each environment',
  });
  return faults;
}
