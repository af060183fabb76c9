import type { Command } from 'commander';
import type { DeployManifest, TargetEntry } from '../../contract/manifest';
import { execute } from '../execute';
import type { Report } from '../report';
import type { Session } from '../session';
import { type CommandContext, helpText, jsonOption } from './options';
import type { DeployerFor, TargetCommand } from './verbs';

export interface TargetOptions {
  readonly environment: string;
  readonly json?: boolean;
}

/** What a command for a target works with. */
export interface TargetRun<C extends TargetCommand, O extends TargetOptions> {
  readonly session: Session;
  readonly manifest: DeployManifest;
  readonly entry: TargetEntry;
  readonly deployer: DeployerFor<C>;
  readonly options: O;
  /** Workload and environment, as people call the target. */
  readonly name: string;
}

export interface TargetVerb<C extends TargetCommand, O extends TargetOptions> {
  readonly name: C;
  readonly description: string;
  /** Options besides `--environment` and `--json`. @default - none */
  readonly options?: (command: Command) => Command;
  /** What stands behind `--environment` in the example. @default - nothing */
  readonly example?: string;
  /** Form of the JSON document, without the braces and what every command prints. */
  readonly json: string;
  run(run: TargetRun<C, O>): Promise<Report>;
}

/** Adds a command `<workload> --environment <name> --json` for one target of the manifest. */
export function addTargetVerb<C extends TargetCommand, O extends TargetOptions = TargetOptions>(
  program: Command,
  { ports, finish }: CommandContext,
  verb: TargetVerb<C, O>,
): void {
  const command = program
    .command(verb.name)
    .description(verb.description)
    .argument('<workload>', 'workload of the manifest')
    .requiredOption('-e, --environment <name>', 'environment of the workload')
    .addOption(jsonOption());
  (verb.options?.(command) ?? command)
    .addHelpText(
      'after',
      helpText(
        `${verb.name} kvs-infer --environment production${verb.example === undefined ? '' : ` ${verb.example}`}`,
        `{ command, passed, ${verb.json}, error? }`,
      ),
    )
    .action(async (workload: string, options: O) => {
      const code = await execute(
        ports,
        { command: verb.name, json: options.json === true },
        async (session) => {
          const target = await session.target(workload, options.environment);
          const name = `${workload} in ${options.environment}`;
          return verb.run({ session, ...target, options, name });
        },
      );
      finish(code);
    });
}
