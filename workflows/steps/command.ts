import type { AwsCall } from '../../contract';
import type { Command, CommandOption, CommandStep } from '../plan/model';
import { refuseExpression } from './run';
import { shellWord } from './shell';

/** Where the pipeline command stands, relative to the root of the repository. */
export const COMMAND_PATH = '.lockstep/cli.mjs';

export type CommandStepOptions = Omit<CommandStep, 'kind' | 'calls'> & { readonly calls: readonly AwsCall[] };

/**
 * A call of the pipeline command.
 *
 * @throws LockstepError `ExpressionInRun`
 */
export function commandStep(options: CommandStepOptions): CommandStep {
  refuseExpression(options.name, commandLine(options.command));
  return { kind: 'command', ...options };
}

/** The command as bash reads it. */
export function commandLine({ verb, workload, options }: Command): string {
  const words = ['node', COMMAND_PATH, ...verb.split(' '), workload].map(shellWord);
  return [...words, ...options.map(optionText)].join(' ');
}

function optionText(option: CommandOption): string {
  const flag = shellWord(option.flag);
  if ('value' in option) return `${flag} ${shellWord(option.value)}`;
  if (!('variable' in option)) return flag;
  if (option.optional) return `\${${option.variable}:+${flag} "$${option.variable}"}`;
  return `${flag} "$${option.variable}"`;
}
