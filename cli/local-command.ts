import type { Command } from 'commander';
import pc from 'picocolors';
import { LockstepError } from '../contract';
import type { CommandContext } from '../runtime/commands/options';

/** Colours that do nothing where the output is no terminal, or NO_COLOR is set. */
export type Paint = ReturnType<typeof pc.createColors>;

/** What a command has found: the document for `--json`, the text for people, and whether all is well. */
export interface Answer {
  readonly json: unknown;
  readonly text: (paint: Paint) => string;
  /** False when there are findings: the process then ends with 1. @default true */
  readonly passed?: boolean;
}

export interface LocalCommand {
  readonly name: string;
  readonly description: string;
  /** Arguments after `npx lockstep`. */
  readonly example: string;
  /** Form of the document that `--json` prints. */
  readonly shape: string;
}

/**
 * Adds a command of the engineer's machine: it reads the repository, talks to nobody, and prints one
 * answer. Errors of Lockstep's own end it with their exit code and without a stack trace.
 */
export function addLocalCommand<Options extends { readonly json?: boolean }>(
  program: Command,
  { ports, finish }: CommandContext,
  { name, description, example, shape }: LocalCommand,
  answer: (options: Options, args: readonly string[]) => Promise<Answer>,
): Command {
  return program
    .command(name)
    .description(description)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `\nExample:\n  $ npx lockstep ${example}\n\nJSON (more fields may be added):\n  ${shape}\n`,
    )
    .action(async (...given: readonly unknown[]) => {
      // Commander gives the arguments first, then the options, then the command.
      const command = given.at(-1) as Command;
      const options = command.opts<Options>();
      try {
        const { json, text, passed = true } = await answer(options, command.args);
        const paint = pc.createColors(ports.environment.color ?? ports.stdout.isTTY === true);
        ports.stdout.write(options.json === true ? `${JSON.stringify(json, null, 2)}\n` : text(paint));
        if (!passed) finish(1);
      } catch (error) {
        if (!LockstepError.is(error)) throw error;
        ports.stderr.write(`${error.message}\n`);
        finish(error.code === 'Interrupted' ? signalExitCode(ports.signal.reason) : error.exitCode);
      }
    });
}

/** 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP: 128 and the number of the signal. */
function signalExitCode(reason: unknown): number {
  if (reason === 'SIGTERM') return 143;
  return reason === 'SIGHUP' ? 129 : 130;
}
