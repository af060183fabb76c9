import { Command, CommanderError } from 'commander';
import { addBackup } from './commands/backup';
import { addDeploy } from './commands/deploy';
import { addDiagnose } from './commands/diagnose';
import { addDiff } from './commands/diff';
import { addGpuCheck } from './commands/gpu-check';
import { addIdentity } from './commands/identity';
import { addImage } from './commands/image';
import { addInvoke } from './commands/invoke';
import { addLogs } from './commands/logs';
import { addMetrics } from './commands/metrics';
import { addNotify } from './commands/notify';
import type { CommandContext } from './commands/options';
import { addResolve } from './commands/resolve';
import { addRollback } from './commands/rollback';
import { addStatus } from './commands/status';
import { addVerify } from './commands/verify';
import { addWait } from './commands/wait';
import type { Ports } from './ports';

const USAGE_EXIT_CODE = 2;

/** Adds a command to the program. */
export type AddCommand = (program: Command, context: CommandContext) => void;

const VERBS: readonly AddCommand[] = [
  addDeploy,
  addWait,
  addRollback,
  addDiagnose,
  addVerify,
  addStatus,
  addResolve,
  addIdentity,
  addDiff,
  addLogs,
  addInvoke,
  addImage,
  addBackup,
  addGpuCheck,
  addNotify,
  addMetrics,
];

/**
 * Runs the command line.
 *
 * @param argv arguments after the name of the program
 * @param more commands besides the verbs that workflows run
 * @returns exit code: 0 fine, 1 failure, 2 wrong usage or configuration, 130 or 143 after a signal
 */
export async function run(
  argv: readonly string[],
  ports: Ports,
  more: readonly AddCommand[] = [],
): Promise<number> {
  let exitCode = 0;
  const program = new Command('lockstep')
    .description('Deploys, rolls back and checks the workloads of the manifest in .lockstep/manifest.json.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => ports.stdout.write(text),
      writeErr: (text) => ports.stderr.write(text),
    })
    .showHelpAfterError('(run with --help for the form and an example)');
  const context: CommandContext = {
    ports,
    finish: (code) => {
      exitCode = code;
    },
  };
  for (const add of [...VERBS, ...more]) {
    add(program, context);
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : USAGE_EXIT_CODE;
  }
  return exitCode;
}
