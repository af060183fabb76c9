import type { Command } from 'commander';
import { execute } from '../execute';
import type { Report } from '../report';
import type { FoundTarget, Session } from '../session';
import { type CommandContext, type ExitMeaning, helpText, jsonOption } from './options';

export interface TargetOptions {
  readonly environment: string;
  readonly json?: boolean;
}

/** What a command for a target works with. */
export interface TargetCommandRun<O extends TargetOptions> extends FoundTarget {
  readonly session: Session;
  readonly options: O;
  /** Workload and environment, as people call the target. */
  readonly name: string;
}

export interface TargetCommandForm {
  readonly name: string;
  readonly description: string;
  /** Options besides `--environment` and `--json`. @default - none */
  readonly options?: (command: Command) => Command;
  /** Workload and environment of the example. @default 'kvs-infer --environment production' */
  readonly exampleTarget?: string;
  /** What stands behind `--environment` in the example. @default - nothing */
  readonly example?: string;
  /** Form of the JSON document, without the braces and what every command prints. */
  readonly json: string;
  readonly exits: ExitMeaning;
  /** Environment variables that only this command reads, a line each. @default - none */
  readonly environment?: readonly string[];
}

/** Adds a command `<workload> --environment <name> --json` that reads one target of the manifest. */
export function addTargetCommand<O extends TargetOptions = TargetOptions>(
  program: Command,
  { ports, finish }: CommandContext,
  form: TargetCommandForm,
  run: (run: TargetCommandRun<O>) => Promise<Report>,
): void {
  const { name, description, options, exampleTarget = 'kvs-infer --environment production', example } = form;
  const command = program
    .command(name)
    .description(description)
    .argument('<workload>', 'workload of the manifest')
    .requiredOption('-e, --environment <name>', 'environment of the workload')
    .addOption(jsonOption());
  (options?.(command) ?? command)
    .addHelpText(
      'after',
      helpText(
        [name, exampleTarget, ...(example === undefined ? [] : [example])].join(' '),
        `{ command, passed, ${form.json}, error? }`,
        form.exits,
        form.environment,
      ),
    )
    .action(async (workload: string, given: O) => {
      const code = await execute(ports, { command: name, json: given.json === true }, async (session) => {
        const target = await session.target(workload, given.environment);
        return run({ session, ...target, options: given, name: `${workload} in ${given.environment}` });
      });
      finish(code);
    });
}
