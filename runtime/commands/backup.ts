import type { Command } from 'commander';
import type { CommandContext } from './options';
import { addTargetVerb } from './target-verb';
import { notSupported } from './verb-not-supported';

export function addBackup(program: Command, context: CommandContext): void {
  addTargetVerb(program, context, {
    name: 'backup',
    description: 'Save what only the target holds, and say where it lies',
    exampleTarget: 'production-platform --environment production',
    json: 'location',
    exits: { done: 'the backup lies there', failed: 'it could not be made' },
    run: async ({ session, entry, deployer, name }) => {
      if (!deployer.backup) throw notSupported('backup', entry);
      session.phase(`Back up ${name}`);
      const { location } = await deployer.backup(session.context);
      return { title: `${name}: backed up`, facts: [['location', location]], data: { location } };
    },
  });
}
