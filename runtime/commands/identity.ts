import { type Command, Option } from 'commander';
import type { Check } from '../../contract/deployer';
import { LockstepError } from '../../contract/errors';
import type { DeployManifest, RoleEntry, TargetEntry } from '../../contract/manifest';
import type { Report } from '../report';
import type { CommandContext } from './options';
import { addTargetCommand, type TargetOptions } from './target-command';

const PURPOSES = ['inspect', 'deploy', 'rollback'] as const;
type Purpose = (typeof PURPOSES)[number];

interface IdentityOptions extends TargetOptions {
  readonly role: Purpose;
}

export function addIdentity(program: Command, context: CommandContext): void {
  addTargetCommand<IdentityOptions>(
    program,
    context,
    {
      name: 'identity',
      description: 'Check that this session is of the account and the role that the manifest names',
      options: (command) =>
        command.addOption(
          new Option('--role <purpose>', 'role of the target that is expected')
            .choices(PURPOSES)
            .default('inspect'),
        ),
      exampleTarget: 'bikeshare --environment staging',
      json: 'account, role, checks: [{ name, passed, detail }]',
      exits: { done: 'account and role are those', failed: 'they are others' },
    },
    async ({ session, manifest, entry, options, name }) => {
      const expected = expectedRole(manifest, entry, options.role);
      const { callerOf } = await import('../../constructs/deploy-role/runtime');
      const { account, role, arn } = await callerOf(session.connection(entry.region));
      return identityReport(name, expected, { account, role: role ?? arn });
    },
  );
}

/** @throws LockstepError `VerbNotSupported` for a target that nobody inspects, or `DanglingReference` */
function expectedRole({ roles }: DeployManifest, entry: TargetEntry, purpose: Purpose): RoleEntry {
  const ids: Readonly<Record<Purpose, string | undefined>> = {
    inspect: entry.inspection?.role,
    deploy: entry.deployRole,
    rollback: entry.rollbackRole,
  };
  const id = ids[purpose];
  if (id === undefined) {
    throw new LockstepError('VerbNotSupported', {
      place: `--role ${purpose}`,
      value: `target ${entry.id}`,
      allowed: PURPOSES.filter((each) => ids[each] !== undefined).join(', '),
      change: 'name one of these roles',
    });
  }
  const found = roles.find((role) => role.id === id);
  if (found) return found;
  throw new LockstepError('DanglingReference', {
    place: `target ${entry.id}`,
    value: `role ${id}`,
    allowed: roles.map((role) => role.id).join(', '),
    change: 'run `npx projen` to write the manifest anew',
  });
}

function identityReport(
  name: string,
  expected: RoleEntry,
  caller: { readonly account: string; readonly role: string },
): Report {
  const compared = [
    { what: 'account', found: caller.account, wanted: expected.account },
    { what: 'role', found: caller.role, wanted: expected.name },
  ].map((one) => ({ ...one, passed: one.found === one.wanted }));
  const failed = compared.filter(({ passed }) => !passed);
  const checks = compared.map(({ what, found, wanted, passed }): Check => ({
    name: what,
    passed,
    detail: passed ? wanted : `${found} signed in, ${wanted} should`,
  }));
  return {
    title: `${name}: ${failed.length === 0 ? `signed in as ${expected.name}` : 'signed in as somebody else'}`,
    facts: [],
    checks,
    data: caller,
    ...(failed.length === 0
      ? {}
      : {
          failure: new LockstepError(
            'UnexpectedIdentity',
            failed.map(({ what, found, wanted }) => ({
              place: `${name}, ${what}`,
              value: found,
              allowed: wanted,
              change: 'correct role-to-assume of the sign-in step, or run `npx projen` and commit',
            })),
          ),
        }),
  };
}
