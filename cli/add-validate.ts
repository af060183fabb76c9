import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { loadPlatform } from '../bin/load-platform';
import { encodeManifest, MANIFEST_PATH } from '../contract';
import type { WorkflowSource } from '../proofs';
import type { CommandContext } from '../runtime/commands/options';
import { COMMAND_PATH, planPipelines, renderWorkflow } from '../workflows';
import { addLocalCommand } from './local-command';
import { readForProving, type SynthesizedPlatform, synthesize } from './read-artefacts';
import { isClean, renderValidation, validate, type ValidationInput } from './validate';

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
      const report = await validate(readForValidation(ROOT, synthesize(loadPlatform())));
      return { json: report, text: (paint) => renderValidation(report, paint), passed: isClean(report) };
    },
  );
}

/** What `validate` reads in a repository, beside what its platform file gives. */
export function readForValidation(
  root: string,
  { manifest, templates, files, documents }: SynthesizedPlatform,
): ValidationInput {
  return {
    emitted: planPipelines(manifest).map((plan) => ({ file: plan.file, text: renderWorkflow(plan) })),
    onDisk: workflowsOnDisk(root),
    generated: [
      { file: MANIFEST_PATH, wanted: encodeManifest(manifest), text: read(root, MANIFEST_PATH) },
      ...[...files, ...documents].map(({ path, text }) => ({
        file: path,
        wanted: text,
        text: read(root, path),
      })),
      // Bundling it anew would take longer than the rest; CI does it, and compares.
      { file: COMMAND_PATH, text: read(root, COMMAND_PATH) },
    ],
    sources: { manifest, templates, files: readForProving(root, { manifest, files }) },
  };
}

const read = (root: string, file: string): string | undefined =>
  existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined;

function workflowsOnDisk(root: string): readonly WorkflowSource[] {
  const folder = join(root, FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => ({ file: `${FOLDER}/${file}`, text: readFileSync(join(folder, file), 'utf8') }));
}
