import type { Command } from 'commander';
import type { RollbackRequest } from '../../contract/deployer';
import { LockstepError } from '../../contract/errors';
import { execute } from '../execute';
import type { Report } from '../report';
import type { OpenTarget, Session } from '../session';
import { type CommandContext, helpText, targetCommand, type TargetOptions } from './options';

interface RollbackOptions extends TargetOptions {
  readonly revision?: string;
  readonly deployment?: string;
  readonly list?: boolean;
}

export function addRollback(program: Command, { ports, finish }: CommandContext): void {
  targetCommand(program, 'rollback', 'Go back to the last stable version, or to a revision')
    .option('-r, --revision <revision>', 'revision to go to (default: the last stable one)')
    .option('-d, --deployment <id>', 'deployment that failed; a newer one is left alone')
    .option('-l, --list', 'only list the versions that one can go back to')
    .addHelpText(
      'after',
      helpText(
        'rollback kvs-infer --environment production --revision 41',
        '{ command, passed, result?: rolledBack|alreadyRolledBack|nothingToDo|leftToOther, from?, to?, message?, history?, diagnoses?, error? }',
      ),
    )
    .action(async (workload: string, options: RollbackOptions) => {
      const code = await execute(
        ports,
        { command: 'rollback', json: options.json === true },
        async (session) => {
          const target = await session.target(workload, options.environment);
          const name = `${workload} in ${options.environment}`;
          if (options.list === true) return stableVersions(session, target, name);
          session.phase(`Roll back ${name}`);
          return rollBack(session, target, requestOf(options), name);
        },
      );
      finish(code);
    });
}

/** Workflows pass inputs that were left empty as empty strings. */
const requestOf = ({ revision, deployment }: RollbackOptions) => ({
  ...(revision ? { revision } : {}),
  ...(deployment ? { deployment } : {}),
});

async function rollBack(
  session: Session,
  { deployer }: OpenTarget,
  request: RollbackRequest,
  name: string,
): Promise<Report> {
  const { diagnoseOrSay } = await import('./conclusion');
  try {
    const outcome = await deployer.rollback(request, session.context);
    const { from, to, message, result } = outcome;
    session.emit({
      code: `rollback.${result}`,
      level: result === 'leftToOther' ? 'warning' : 'success',
      message,
    });
    return {
      title: `${name}: ${message}`,
      facts: [
        ...(from ? [['from', from.name] as const] : []),
        ...(to ? [['to', to.name] as const] : []),
        ...(to?.image ? [['image', to.image] as const] : []),
        ['result', result],
      ],
      data: { ...outcome },
    };
  } catch (error) {
    if (!LockstepError.is(error) || error.code !== 'RollbackFailed') throw error;
    session.phase('Diagnose');
    const diagnoses = await diagnoseOrSay(session, deployer);
    return { title: `${name}: going back failed`, facts: [], diagnoses, data: {}, failure: error };
  }
}

async function stableVersions(session: Session, { deployer }: OpenTarget, name: string): Promise<Report> {
  const { running, history } = await deployer.status(session.context);
  const stable = history.filter((past) => past.stable);
  return {
    title: `${name}: ${stable.length} stable ${stable.length === 1 ? 'version' : 'versions'} to go back to`,
    facts: running ? [['running', running.name]] : [],
    history: stable,
    data: { running },
  };
}
