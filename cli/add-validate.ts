import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { loadPlatform } from '../bin/load-platform';
import type { WorkflowSource } from '../proofs';
import type { CommandContext } from '../runtime/commands/options';
import { planPipelines, renderWorkflow } from '../workflows';
import { addLocalCommand } from './local-command';
import { synthesize } from './read-artefacts';
import { renderValidation, validate } from './validate';

const ROOT = dirname(__dirname);
const FOLDER = '.github/workflows';

/** `lockstep validate`: the workflow files on disk, hand edits and foreign workflows included. */
export function addValidate(program: Command, context: CommandContext): void {
  addLocalCommand(
    program,
    context,
    {
      name: 'validate',
      description: 'Check the workflow files on disk, hand edits and foreign workflows included',
      example: 'validate',
      shape: '{ files: [{ file, findings: [{ line, code, message, change }] }], skipped }',
    },
    async () => {
      const { manifest, templates } = synthesize(loadPlatform());
      const report = await validate({
        emitted: planPipelines(manifest).map((plan) => ({ file: plan.file, text: renderWorkflow(plan) })),
        onDisk: workflowsOnDisk(ROOT),
        sources: { manifest, templates },
      });
      return {
        json: report,
        text: (paint) => renderValidation(report, paint),
        passed: report.files.every(({ findings }) => findings.length === 0),
      };
    },
  );
}

function workflowsOnDisk(root: string): readonly WorkflowSource[] {
  const folder = join(root, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => ({ file: `${FOLDER}/${file}`, text: readFileSync(join(folder, file), 'utf8') }));
}
