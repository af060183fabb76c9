import type { Fault, ImageEntry } from '../../contract';
import type { Job, Step, Workflow } from '../artefacts';
import { commandsOf, commandsOfStep } from './commands';
import { digestScriptFault } from './digest-script';
import { findsOfCommit, isTagOf, tagFaults, tagsOf } from './image-tags';
import { outputOfStep } from './output-reference';
import { placeOf } from './place';

const BUILD = 'docker/build-push-action';

/** Inputs that change nothing about what is in the image. */
const HARMLESS: ReadonlySet<string> = new Set(
  'push tags labels annotations provenance sbom attests no-cache no-cache-filters pull builder'.split(' '),
);

/** Jobs that build an image and push it. */
export const buildJobs = ({ jobs }: Workflow): readonly Job[] =>
  jobs.filter((job) => buildSteps(job).length > 0);

/** Those that push one image. */
export const buildsOf = (workflow: Workflow, image: ImageEntry): readonly Job[] =>
  workflow.jobs.filter((job) => ownSteps(job, image).length > 0);

const buildSteps = ({ steps }: Job): readonly Step[] =>
  steps.filter((step) => step.uses?.action.toLowerCase() === BUILD && step.with.push === 'true');

const ownSteps = (job: Job, image: ImageEntry): readonly Step[] =>
  buildSteps(job).filter((step) => tagsOf(step).some((tag) => isTagOf(job, image, tag)));

/**
 * Follows a text of the build job to the steps that know the digest.
 *
 * @param value such as `${{ steps.image.outputs.digest }}`
 * @param place where the text stands
 */
export function digestFaults(
  workflow: Workflow,
  build: Job,
  image: ImageEntry,
  place: string,
  value: string,
): readonly Fault[] {
  const isDigest = (text: string) => isDigestOf(build, image, text);
  if (isDigest(value)) return [];
  const { id, output = '' } = outputOfStep(value) ?? {};
  const step = build.steps.find((one) => one.id !== undefined && one.id === id);
  const why =
    step?.run === undefined || commandsOfStep(step).length > 0
      ? 'not the digest of a step that builds or finds the image'
      : digestScriptFault(step, output, isDigest);
  if (why === undefined) return [];
  return [
    {
      place: step ? placeOf(workflow, build, step) : place,
      value: `${value}: ${why}`,
      allowed: `the output digest of ${BUILD} of ${image.id}, or of \`image find ${image.id}\` for the commit of the run`,
      change: 'hand on the digest as the step that knows it wrote it',
    },
  ];
}

/** True for the output `digest` of a step that builds the image, or finds the one of the same commit. */
function isDigestOf(build: Job, image: ImageEntry, text: string): boolean {
  const { id, output } = outputOfStep(text) ?? {};
  if (output !== 'digest') return false;
  return (
    ownSteps(build, image).some((step) => step.id === id) ||
    commandsOf(build).some((use) => use.step.id === id && findsOfCommit(use, image))
  );
}

/** What is built must be what the manifest says the image is built of, and nothing from elsewhere. */
export function sourceFaults(workflow: Workflow, build: Job, image: ImageEntry): readonly Fault[] {
  const sources: Readonly<Record<string, string>> = {
    context: image.context,
    file: image.dockerfile,
    platforms: image.platform,
  };
  const cache = `type=registry,ref=${image.repository.uri}:`;
  return ownSteps(build, image).flatMap((step) => {
    const place = placeOf(workflow, build, step);
    const said = (input: string) => `${input}: ${step.with[input] ?? 'not given'}`;
    const wrong = Object.entries(sources)
      .filter(([input, value]) => step.with[input] !== value)
      .map(([input, value]) => ({
        place,
        value: said(input),
        allowed: `${input}: ${value}, of which the manifest says ${image.id} is built`,
        change: `write ${input}: ${value}, or run \`npx projen\``,
      }));
    const foreign = ['cache-from', 'cache-to']
      .filter((input) => !(step.with[input] ?? cache).startsWith(cache) || step.with[input]?.includes('\n'))
      .map((input) => ({
        place,
        value: said(input),
        allowed: `${cache}<tag>, where only this job can write`,
        change: `name the repository of the image: layers of a cache become layers of the image`,
      }));
    const others = Object.keys(step.with)
      .filter(
        (input) => !HARMLESS.has(input) && !Object.hasOwn(sources, input) && !input.startsWith('cache-'),
      )
      .map((input) => ({
        place,
        value: said(input),
        allowed: `an image made of ${Object.keys(sources).join(', ')} alone, as the manifest says`,
        change: `remove ${input}`,
      }));
    return [...wrong, ...foreign, ...others, ...tagFaults(build, step, image, place)];
  });
}
