import type { Command } from 'commander';
import type { CommandContext } from '../runtime/commands/options';
import { readManifest } from '../runtime/manifest';
import { planPipelines } from '../workflows';
import { addLocalCommand } from './local-command';
import { renderSummary, summarize } from './summary';
import { refuseStale, synthesizedStacks } from './synthesized-stacks';

const ASSEMBLY = 'cdk.out';

/** `lockstep summary`: what was made from the platform file, and where to look. */
export function addSummary(program: Command, context: CommandContext): void {
  addLocalCommand(
    program,
    context,
    {
      name: 'summary',
      description: 'Say what was made from the platform file, and where it stands',
      example: 'summary',
      shape:
        '{ platform, repository, stacks: [{ name, account, region, resources }], workflows: [{ file, waves }],\n' +
        '    roles: [{ name, account, purpose, environment? }] }',
    },
    async () => {
      const manifest = await readManifest(context.ports);
      const stacks = synthesizedStacks(ASSEMBLY);
      refuseStale(manifest, stacks, ASSEMBLY);
      const summary = summarize(manifest, planPipelines(manifest), stacks);
      return { json: summary, text: (paint) => renderSummary(summary, paint) };
    },
  );
}
