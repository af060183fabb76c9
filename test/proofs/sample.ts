import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesToRead } from '../../proofs';
import { definePlatform } from '../../lib';
import { buildPlatform } from '../../lib/build-platform';
import platform from '../fixtures/sample-platform';
import { environmentOf, fargate, fargateIn, platformProps, service } from '../lib/platform-props';
import type { ArtefactSources, FileSource, TemplateSource, WorkflowSource } from '../../proofs/artefacts';
import type { ProofCode } from '../../proofs/proof';
import { planPipelines, renderWorkflow } from '../../workflows';

const ROOT = join(__dirname, '../..');

/** The artefacts of the sample platform, free to be changed. */
export interface Sources {
  manifest: ArtefactSources['manifest'];
  templates: TemplateSource[];
  workflows: WorkflowSource[];
  files: FileSource[];
}

/** A defect on otherwise good artefacts, and the proof that must find it. */
export interface Mutation {
  readonly name: string;
  readonly owner: ProofCode;
  /** What the place of the finding must be; a text must be contained in it. */
  readonly place: RegExp | string;
  /** What it is seeded in. @default - the sample platform */
  readonly of?: () => Sources;
  readonly apply: (sources: Sources) => void;
}

/** The artefacts of a platform, as `npm start` would write them. */
export function build(of: Parameters<typeof buildPlatform>[0]): Sources {
  const { app, manifest, files } = buildPlatform(of);
  const assembly = app.synth();
  return {
    manifest,
    templates: assembly.stacks.map(({ stackName, environment, template }) => ({
      stack: stackName,
      account: environment.account,
      region: environment.region,
      body: template as unknown,
    })),
    workflows: planPipelines(manifest).map((plan) => ({ file: plan.file, text: renderWorkflow(plan) })),
    files: filesToRead(manifest).map((path) => ({
      path,
      text: files.find((file) => file.path === path)?.text ?? readFileSync(join(ROOT, path), 'utf8'),
    })),
  };
}

/** Copies of artefacts that are made once in each process. */
function copiesOf(make: () => Sources): () => Sources {
  let built: Sources | undefined;
  return () => {
    built ??= make();
    const { manifest, templates, workflows, files } = built;
    // A change of a workflow file replaces its entry, so that the others need not be parsed anew.
    return {
      manifest: structuredClone(manifest),
      templates: structuredClone(templates),
      workflows: [...workflows],
      files: [...files],
    };
  };
}

/** A copy of the sample platform's artefacts. */
export const sources = copiesOf(() => build(platform));

const CERTIFICATE = 'arn:aws:acm:us-east-1:111111111111:certificate/0b0b0b0b-0000-4000-8000-000000000000';

/**
 * A copy of the artefacts of a platform whose services shift traffic: one on instances within its network, as a canary, and
 * one on Fargate that the internet reaches, in steps.
 */
export const shiftingSources = copiesOf(() =>
  build(
    definePlatform(
      platformProps({
        workloads: [
          service({
            strategy: 'canary',
            verification: {},
            environments: [environmentOf({ instances: { min: 0 }, tasks: { desired: 1, max: 2 } })],
          }),
          fargate({
            strategy: 'linear',
            verification: {},
            environments: [
              fargateIn({ loadBalancer: { scheme: 'internetFacing', certificateArn: CERTIFICATE } }),
            ],
          }),
        ],
      }),
    ),
  ),
);

/**
 * Replaces text in a workflow file.
 *
 * @param file end of its path, such as `kvs-infer-deploy.yml`
 * @throws Error unless the text stands there exactly once
 */
export function editWorkflow(sample: Sources, file: string, from: string | RegExp, to: string): void {
  change(sample, file, (text) => replaceOnce(text, from, to, file));
}

/**
 * Replaces text in one job of a workflow file.
 *
 * @throws Error unless the text stands in the job exactly once
 */
export function editJob(sample: Sources, file: string, job: string, from: string | RegExp, to: string): void {
  change(sample, file, (text) => {
    const start = text.indexOf(`\n  ${job}:\n`, text.indexOf('\njobs:\n'));
    if (start < 0) throw new Error(`no job ${job} in ${file}`);
    const rest = text.slice(start + 1);
    const length = /\n {2}\S/.exec(rest)?.index ?? rest.length;
    const body = rest.slice(0, length);
    return `${text.slice(0, start + 1)}${replaceOnce(body, from, to, `${file}, ${job}`)}${rest.slice(length)}`;
  });
}

function change(sample: Sources, file: string, edit: (text: string) => string): void {
  const found = sample.workflows.filter((workflow) => workflow.file.endsWith(file));
  if (found.length !== 1) throw new Error(`${found.length} workflow files end with ${file}`);
  sample.workflows = sample.workflows.map((workflow) =>
    found.includes(workflow) ? { ...workflow, text: edit(workflow.text) } : workflow,
  );
}

function replaceOnce(text: string, from: string | RegExp, to: string, where: string): string {
  const times =
    typeof from === 'string'
      ? text.split(from).length - 1
      : [...text.matchAll(new RegExp(from.source, `${from.flags.replace('g', '')}g`))].length;
  if (times !== 1) throw new Error(`${String(from)} stands ${times} times in ${where}`);
  return text.replace(from, () => to);
}

type Json = Record<string, unknown>;

/** A resource of a template, whose properties may be changed in place. */
export interface SampleResource {
  readonly Type: string;
  readonly Properties: Json;
}

/** @throws Error when there is no such stack */
export function resourcesOfStack(sample: Sources, stack: string): Record<string, SampleResource> {
  const template = sample.templates.find((candidate) => candidate.stack === stack);
  if (!template) throw new Error(`no stack ${stack}`);
  return (template.body as { Resources: Record<string, SampleResource> }).Resources;
}

/**
 * The one resource of a type with a property value, such as the role with a `RoleName`.
 *
 * @throws Error unless there is exactly one
 */
export function findResource(
  sample: Sources,
  type: string,
  property: string,
  value: unknown,
): SampleResource {
  const found = sample.templates
    .flatMap(({ stack }) => Object.values(resourcesOfStack(sample, stack)))
    .filter((resource) => resource.Type === type && resource.Properties[property] === value);
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`${found.length} of ${type} with ${property} ${String(value)}`);
  return only;
}
