import type { Command } from 'commander';
import type { Report } from '../report';
import type { CommandContext } from './options';
import {
  addTargetCommand,
  type TargetCommandForm,
  type TargetCommandRun,
  type TargetOptions,
} from './target-command';
import type { DeployerFor, TargetCommand } from './verbs';

export type { TargetOptions } from './target-command';

/** What a command that runs verbs of a deployer works with. */
export interface TargetRun<C extends TargetCommand, O extends TargetOptions> extends TargetCommandRun<O> {
  readonly deployer: DeployerFor<C>;
}

export interface TargetVerb<C extends TargetCommand, O extends TargetOptions> extends TargetCommandForm {
  readonly name: C;
  run(run: TargetRun<C, O>): Promise<Report>;
}

/** Adds a command that runs verbs of one target's deployer. */
export function addTargetVerb<C extends TargetCommand, O extends TargetOptions = TargetOptions>(
  program: Command,
  context: CommandContext,
  verb: TargetVerb<C, O>,
): void {
  addTargetCommand<O>(program, context, verb, async (run) =>
    verb.run({ ...run, deployer: await run.session.deployer(run.entry) }),
  );
}
