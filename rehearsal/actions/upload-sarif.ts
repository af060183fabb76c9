import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ActionFailure, type ActionRun } from '../github/action-stand-in';
import { messageOf } from '../message-of';
import type { ActionDefinition } from './definition';
import type { Inputs } from './inputs';
import { permits } from './permissions';

/** The parts of SARIF without which code scanning refuses a file. */
const sarifSchema = z.looseObject({
  version: z.literal('2.1.0'),
  runs: z.array(
    z.looseObject({
      tool: z.looseObject({ driver: z.looseObject({ name: z.string().min(1) }) }),
      results: z.array(z.looseObject({ message: z.looseObject({}) })).optional(),
    }),
  ),
});

/**
 * @see https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
export function uploadSarif(): ActionDefinition {
  let last = 0;
  return {
    action: 'github/codeql-action/upload-sarif',
    limits:
      'Uploads nothing: checks the permission, and the parts of the file that code scanning cannot do without.',
    seconds: 5,
    defaults: { sarif_file: '../results', 'wait-for-processing': 'true' },
    supports: ['sarif_file', 'category', 'checkout_path', 'token', 'matrix', 'wait-for-processing'],
    act: (step, inputs) => {
      for (const file of sarifFiles(step, inputs)) {
        step.log(`Validating ${file}`);
        validate(file);
      }
      if (!permits(step, 'security-events', 'write')) {
        throw new ActionFailure('Resource not accessible by integration - https://docs.github.com/rest');
      }
      last += 1;
      step.log('Successfully uploaded results');
      step.output('sarif-id', `rehearsal-${last}`);
      step.output('sarif-ids', JSON.stringify([{ analysis: 'code-scanning', id: `rehearsal-${last}` }]));
    },
  };
}

function sarifFiles({ workspace }: ActionRun, inputs: Inputs): readonly string[] {
  const path = resolve(workspace, inputs.text('sarif_file'));
  if (!existsSync(path)) throw new ActionFailure(`Path does not exist: ${inputs.text('sarif_file')}`);
  if (!lstatSync(path).isDirectory()) return [path];
  const files = readdirSync(path).filter((name) => name.endsWith('.sarif'));
  if (files.length === 0)
    throw new ActionFailure(`No SARIF files found to upload in "${inputs.text('sarif_file')}".`);
  return files.sort().map((name) => join(path, name));
}

function validate(file: string): void {
  const { success, error } = sarifSchema.safeParse(parsed(file));
  if (success) return;
  const [issue] = error.issues;
  throw new ActionFailure(
    `Unable to upload "${file}" as it is not valid SARIF:\n- ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`,
  );
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ActionFailure(`Invalid SARIF. JSON syntax error: ${messageOf(error)}`);
  }
}
