import { type Command, Option } from 'commander';
import type { RollbackOutcome, RollbackRequest } from '../../contract/deployer';
import { LockstepError } from '../../contract/errors';
import type { Report } from '../report';
import type { Session } from '../session';
import { contentFacts } from './content-facts';
import type { CommandContext } from './options';
import { addTargetVerb, type TargetOptions } from './target-verb';
import type { DeployerFor } from './verbs';

interface RollbackOptions extends TargetOptions {
  readonly revision?: string;
  readonly deployment?: string;
  readonly version?: string;
  readonly failed?: boolean;
  readonly list?: boolean;
}

export function addRollback(program: Command, context: CommandContext): void {
  addTargetVerb<'rollback' | 'rollback --list', RollbackOptions>(program, context, {
    name: 'rollback',
    description: 'Go back to the last stable version, or to a revision, and verify it',
    options: (command) =>
      command
        .option('-r, --revision <revision>', 'revision to go to (default: the last stable one)')
        .option('-d, --deployment <id>', 'deployment that failed; a newer one is left alone')
        .option('--version <version>', 'version that failed, where its deployment is not known')
        .addOption(
          new Option(
            '--failed',
            'undo only what --deployment or --version names; without either nothing was started, so do nothing',
          ).conflicts(['revision', 'list']),
        )
        .option('-l, --list', 'only list the versions that one can go back to'),
    example: '--revision 41',
    json: 'result?: rolledBack|alreadyRolledBack|nothingToDo|leftToOther, from?, to?, message?, checks?, history?, diagnoses?',
    exits: { done: 'a stable version runs', failed: 'there was none to go back to, or going back failed' },
    run: async ({ session, deployer, options, name }) => {
      if (options.list === true) return stableVersions(session, deployer, name);
      session.phase(`Roll back ${name}`);
      return rollBack(session, deployer, requestOf(options), name);
    },
  });
}

/** Workflows pass inputs that were left empty as empty strings. */
const requestOf = ({ revision, deployment, version, failed }: RollbackOptions): RollbackRequest => ({
  ...(revision ? { revision } : {}),
  ...(deployment ? { deployment } : {}),
  ...(version ? { version } : {}),
  ...(failed === true ? { onlyNamed: true } : {}),
});

async function rollBack(
  session: Session,
  deployer: DeployerFor<'rollback'>,
  request: RollbackRequest,
  name: string,
): Promise<Report> {
  try {
    const outcome = await deployer.rollback(request, session.context);
    session.emit({
      code: `rollback.${outcome.result}`,
      level: outcome.result === 'leftToOther' ? 'warning' : 'success',
      message: outcome.message,
    });
    return await outcomeReport(session, deployer, outcome, name);
  } catch (error) {
    if (!LockstepError.is(error) || error.code !== 'RollbackFailed') throw error;
    const { diagnoseOrSay } = await import('./conclusion');
    session.phase('Diagnose');
    const diagnoses = await diagnoseOrSay(session, deployer);
    return { title: `${name}: going back failed`, facts: [], diagnoses, data: {}, failure: error };
  }
}

async function outcomeReport(
  session: Session,
  deployer: DeployerFor<'rollback'>,
  outcome: RollbackOutcome,
  name: string,
): Promise<Report> {
  const { checkOutcome } = await import('./rollback-checks');
  const { from, to, message, result } = outcome;
  const { checks, failure } = await checkOutcome(session, deployer, outcome, name);
  return {
    title: failure
      ? `${name}: went back to ${to?.name ?? 'nothing'}, but what runs is not as it should be`
      : `${name}: ${message}`,
    facts: [
      ...(from ? [['from', from.name] as const] : []),
      ...(to ? [['to', to.name] as const] : []),
      ...(to ? contentFacts(to) : []),
      ['result', result],
    ],
    ...(checks ? { checks } : {}),
    data: { ...outcome },
    ...(failure ? { failure } : {}),
  };
}

async function stableVersions(
  session: Session,
  deployer: DeployerFor<'rollback --list'>,
  name: string,
): Promise<Report> {
  const { running, history } = await deployer.status(session.context);
  const stable = history.filter((past) => past.stable);
  return {
    title: `${name}: ${stable.length} stable ${stable.length === 1 ? 'version' : 'versions'} to go back to`,
    facts: running ? [['running', running.name]] : [],
    history: stable,
    data: { running },
  };
}
