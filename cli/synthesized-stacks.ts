import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type DeployManifest, LockstepError } from '../contract';
import type { SynthesizedStack } from './summary';

const assemblySchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      properties: z.object({ templateFile: z.string().optional() }).optional(),
    }),
  ),
});
const reportSchema = z.object({ pluginReports: z.array(z.object({ violations: z.array(z.unknown()) })) });
const templateSchema = z.object({ Resources: z.record(z.string(), z.unknown()) });

/**
 * The stacks of a cloud assembly on disk, in the order in which they are deployed.
 *
 * @throws LockstepError `NotSynthesized`
 */
export function synthesizedStacks(folder: string): readonly SynthesizedStack[] {
  const { artifacts } = assemblySchema.parse(readJson(folder, 'manifest.json'));
  return Object.entries(artifacts)
    .filter(([, { type }]) => type === 'aws:cloudformation:stack')
    .map(([name, { environment = '', properties }]) => {
      const [, account = '', region = ''] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
      const template = templateSchema.parse(
        readJson(folder, properties?.templateFile ?? `${name}.template.json`),
      );
      return { name, account, region, resources: Object.keys(template.Resources).length };
    });
}

/**
 * Refuses templates that are older than the manifest, or that have findings of their judges.
 *
 * @throws LockstepError `NotSynthesized`
 */
export function refuseStale(
  manifest: DeployManifest,
  stacks: readonly SynthesizedStack[],
  folder: string,
): void {
  const wanted = [...manifest.targets, ...manifest.images].map(
    ({ constructPath }) => constructPath.split('/')[0] ?? '',
  );
  const missing = wanted.filter((stack) => !stacks.some(({ name }) => name === stack));
  const { pluginReports } = reportSchema.parse(readJson(folder, 'validation-report.json'));
  const findings = pluginReports.flatMap(({ violations }) => violations).length;
  if (missing.length === 0 && findings === 0) return;
  throw new LockstepError('NotSynthesized', {
    place: folder,
    value:
      missing.length > 0 ? `templates without ${missing.join(', ')}` : `templates with ${findings} findings`,
    allowed: 'templates of this platform file, without findings',
    change: 'run `npm start`',
  });
}

function readJson(folder: string, file: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, file), 'utf8'));
  } catch (error) {
    throw new LockstepError(
      'NotSynthesized',
      {
        place: `${folder}/${file}`,
        value: 'no readable file',
        allowed: 'a cloud assembly',
        change: 'run `npx cdk synth --quiet`, or `npm start`, which does it too',
      },
      { cause: error },
    );
  }
}
