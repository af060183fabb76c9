import type { Fault } from '../../contract';
import type { Job, Step } from '../artefacts';
import { tagsOf } from '../flow/image-tags';
import { placeOf } from '../flow/place';
import { mayFailInSilence } from '../flow/step-conditions';
import { unless, type Wrong, wrongAt } from '../wrong';
import type { CheckJob } from './jobs';

const BUILD = 'docker/build-push-action';
/** Build arguments, and the axis that each comes from. The driver is the host's: no image holds it. */
const ARGUMENTS: Readonly<Record<string, string>> = { CUDA: 'cuda', PYTORCH: 'pytorch' };
/** What tells the image of a combination and a run from every other, in the tag that never moves. */
const TELLING = ['github.run_id', 'github.run_attempt', 'matrix.cuda', 'matrix.driver', 'matrix.pytorch'];
/** Inputs that say what is built, and those that change nothing about it. */
const KNOWN: ReadonlySet<string> = new Set(
  'context file platforms build-args push tags labels annotations provenance sbom pull no-cache builder'.split(
    ' ',
  ),
);

/** Steps that build an image and push it. */
export const buildStepsOf = ({ steps }: Job): readonly Step[] =>
  steps.filter(({ uses }) => uses?.action.toLowerCase() === BUILD);

/** Each combination is built from what the manifest names, with its own versions, under a tag of its own. */
export function buildFaults({ entry, workflow, job, use }: CheckJob): readonly Fault[] {
  const builds = buildStepsOf(job);
  const [build] = builds;
  if (!build || builds.length > 1 || job.steps.indexOf(build) > job.steps.indexOf(use.step)) {
    return wrongAt(placeOf(workflow, job), 'run `npx projen` to write the workflows anew', [
      [`${builds.length} steps that build an image before it runs`, `one ${BUILD} before the command`],
    ]);
  }
  const { image } = entry;
  const { with: inputs, condition } = build;
  const sources = { context: image.context, file: image.dockerfile, platforms: image.platform, push: 'true' };
  const others = Object.keys(inputs).filter((name) => !KNOWN.has(name));
  return wrongAt(placeOf(workflow, job, build), 'run `npx projen` to write the workflows anew', [
    ...Object.entries(sources).flatMap(([name, value]) =>
      unless(inputs[name] === value, `${name}: ${inputs[name] ?? 'nothing'}`, value),
    ),
    ...argumentsOf(inputs['build-args'] ?? ''),
    ...tagOf(build, image.repository.uri),
    ...unless(
      others.length === 0,
      others.map((name) => `${name}: ${inputs[name] ?? ''}`).join(', '),
      'an image that is made of these versions alone, and of no layer of another combination',
    ),
    ...unless(
      condition === undefined && !mayFailInSilence(job, build),
      condition === undefined ? 'continue-on-error' : `if: ${condition}`,
      'a build without condition, which fails its job',
    ),
  ]);
}

function argumentsOf(text: string): readonly Wrong[] {
  const given = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const wanted = Object.entries(ARGUMENTS).map(([name, axis]) => `${name}=\${{ matrix.${axis} }}`);
  return unless(
    given.toSorted().join('\n') === wanted.toSorted().join('\n'),
    `build-args: ${given.join(', ') || 'none'}`,
    wanted.join(', '),
  );
}

function tagOf(build: Step, uri: string): readonly Wrong[] {
  const tags = tagsOf(build);
  const [tag = ''] = tags;
  const missing = TELLING.filter((name) => !new RegExp(`\\$\\{\\{\\s*${name}\\s*\\}\\}`).test(tag));
  return [
    ...unless(
      tags.length === 1 && tag.startsWith(`${uri}:`),
      `tags: ${tags.join(', ') || 'none'}`,
      `one tag of ${uri}`,
    ),
    ...unless(
      missing.length === 0,
      `${tag}, without ${missing.join(', ')}`,
      'a tag of this run and combination: the registry lets none move, and refuses a second image',
    ),
  ];
}
