import type { Fault, ImageEntry } from '../../contract';
import type { Job, Step } from '../artefacts';
import { type CommandUse, commandsOfStep } from './commands';
import { outputOfStep } from './output-reference';
import { commitTags } from './commit-tag';

/** Tags that a build pushes, as they are written. */
export const tagsOf = ({ with: { tags = '' } }: Step): readonly string[] =>
  tags
    .split(/[\n,]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');

/** Whether a command looks for the image of the commit of the run. */
export const findsOfCommit = ({ verb, workload, options }: CommandUse, { id }: ImageEntry): boolean =>
  verb === 'image find' &&
  workload === id &&
  (options.commit === undefined || options.commit === '$GITHUB_SHA');

/** Whether a tag, or the output that stands for it, is one of the image. */
export function isTagOf(job: Job, image: ImageEntry, tag: string): boolean {
  const { repository } = image;
  return tag.startsWith(`${repository.uri}:`) || nameOfCommit(job, image, tag);
}

/** Whether a tag is an output that names the commit: of `image find`, or of a script that writes nothing else. */
function nameOfCommit(job: Job, image: ImageEntry, tag: string): boolean {
  const { id, output } = outputOfStep(tag) ?? {};
  const step = job.steps.find((one) => one.id !== undefined && one.id === id);
  if (!step || output === undefined) return false;
  const found = commandsOfStep(step).some((use) => output === 'tag' && findsOfCommit(use, image));
  return found || commitTags(step, output, image.repository.uri);
}

/**
 * Every tag of a build belongs to its image, and names the commit: whatever else moved with each build would be another
 * image under the same name. ECR refuses to move a tag of a commit; Docker Hub moves every tag.
 */
export const tagFaults = (job: Job, step: Step, image: ImageEntry, place: string): readonly Fault[] =>
  tagsOf(step)
    .filter((tag) => !nameOfCommit(job, image, tag))
    .map((tag) => ({
      place,
      value: `the tag ${tag}`,
      allowed: `a tag of ${image.repository.uri} that names the commit of the run, and no other`,
      change: 'tag the image with its commit, or run `npx projen`',
    }));
