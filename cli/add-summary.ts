import type { Command } from 'commander';
import pc from 'picocolors';
import { LockstepError } from '../contract';
import type { CommandContext } from '../runtime/commands/options';
import { readManifest } from '../runtime/manifest';
import { planPipelines } from '../workflows';
import { renderSummary, summarize } from './summary';
import { synthesizedStacks } from './synthesized-stacks';

const ASSEMBLY = 'cdk.out';

/** `lockstep summary`: what was made from the platform file, and where to look. */
export function addSummary(program: Command, { ports, finish }: CommandContext): void {
  program
    .command('summary')
    .description('Say what was made from the platform file, and where it stands')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nExample:\n  $ npx lockstep summary\n\nJSON (more fields may be added):\n' +
        '  { platform, repository, stacks: [{ name, account, region, resources }], workflows: [{ file, jobs }],\n' +
        '    roles: [{ name, account, purpose, environment? }] }\n',
    )
    .action(async ({ json }: { readonly json?: boolean }) => {
      try {
        const manifest = await readManifest(ports);
        const summary = summarize(manifest, planPipelines(manifest), synthesizedStacks(ASSEMBLY));
        const colors = pc.createColors(ports.environment.color ?? ports.stdout.isTTY === true);
        ports.stdout.write(
          json === true ? `${JSON.stringify(summary, null, 2)}\n` : renderSummary(summary, colors),
        );
      } catch (error) {
        if (!LockstepError.is(error)) throw error;
        ports.stderr.write(`${error.message}\n`);
        finish(error.exitCode);
      }
    });
}
