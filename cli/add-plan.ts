import { type Command, Option } from 'commander';
import { loadPlatform } from '../bin/load-platform';
import { buildPlatform } from '../lib/build-platform';
import type { CommandContext } from '../runtime/commands/options';
import { planPipelines } from '../workflows';
import { addLocalCommand } from './local-command';
import { mermaidPlan, planReport, renderPlan } from './plan';

interface PlanOptions {
  readonly json?: boolean;
  readonly mermaid?: boolean;
}

/** `lockstep plan`: what would be emitted and granted, from the platform file as it stands. */
export function addPlan(program: Command, context: CommandContext): void {
  addLocalCommand<PlanOptions>(
    program,
    context,
    {
      name: 'plan',
      description: 'Show jobs, edges, roles and calls that the platform file would give',
      example: 'plan --mermaid',
      shape:
        '{ workflows: [{ file, triggers, jobs: [{ id, needs, condition?, environment?, role?, session?,\n' +
        '    timeoutMinutes, calls: [{ action, resources, context?, because? }] }] }] }',
    },
    async ({ mermaid }) => {
      const { manifest } = buildPlatform(loadPlatform());
      const report = planReport(manifest, planPipelines(manifest));
      return {
        json: report,
        text: (paint) => (mermaid === true ? mermaidPlan(report) : renderPlan(report, paint)),
      };
    },
  ).addOption(new Option('--mermaid', 'print a Mermaid flowchart').conflicts('json'));
}
