import type { AwsCall } from '../../contract';
import type { Command, CommandOption, CommandStep } from '../plan/model';
import { refuseExpression } from './run';
import { shellWord } from './shell';

/** Folder of the pipeline command and the manifest, relative to the root of the repository. */
export const COMMAND_FOLDER = '.lockstep';

/** Where the pipeline command stands, relative to the root of the repository. */
export const COMMAND_PATH = `${COMMAND_FOLDER}/cli.mjs`;

/** Why a step that changes something begins with `exec`. */
export const STOPPABLE =
  'With `exec` the command hears when the run is cancelled; behind a shell it would not.';

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

/**
 * The command as bash reads it. It takes the place of the shell, because a run that is cancelled signals the
 * first process of the step and no other: behind a shell, the command would be killed in the middle of a wait.
 *
 * @see https://github.com/actions/runner/blob/main/src/Runner.Sdk/ProcessInvoker.cs
 */
export function commandLine({ verb, subject, options }: Command): string {
  const words = [
    'exec',
    'node',
    COMMAND_PATH,
    ...verb.split(' '),
    ...(subject === undefined ? [] : [subject]),
  ];
  return [...words.map(shellWord), ...options.map(optionText)].join(' ');
}

function optionText(option: CommandOption): string {
  const flag = shellWord(option.flag);
  if ('value' in option) return `${flag} ${shellWord(option.value)}`;
  if (!('variable' in option)) return flag;
  if (option.optional) return `\${${option.variable}:+${flag} "$${option.variable}"}`;
  return `${flag} "$${option.variable}"`;
}
