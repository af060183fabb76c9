import type { Fault, ImageEntry } from '../../contract';
import type { Artefacts, Workflow } from '../artefacts';
import { commandsOf } from './commands';
import type { TargetJob } from './deliveries';
import { buildsOf, digestFaults, sourceFaults } from './image-build';
import { outputOfJob } from './output-reference';
import { placeOf } from './place';
import { promotionOf } from './promotion';
import { writtenOption, writtenOptions } from './written-option';

/** An image as text: the repository of the manifest, and a digest that comes from the build. */
interface Written {
  readonly repository: string;
  readonly digest: string;
}

/** The images that a deployment deploys, as the manifest lists them. */
export const imagesOfTarget = ({ manifest }: Artefacts, { target }: TargetJob): readonly ImageEntry[] =>
  manifest.images.filter(({ id }) => target?.images.includes(id));

/** What a deployment deploys must be the digests of the builds of its run, one of each image, unless it promotes. */
export function deployedImageFaults(artefacts: Artefacts, deployment: TargetJob): readonly Fault[] {
  const { workflow, job, use } = deployment;
  if (promotionOf(artefacts, deployment)) return [];
  const images = imagesOfTarget(artefacts, deployment);
  const written = writtenOptions(workflow, job, use, 'image');
  const place = placeOf(workflow, job, use.step);
  const isOf = (text: string, { repository }: ImageEntry) => partsOf(text).repository === repository.uri;
  return [
    ...images.flatMap((image) => {
      // Where there is one image alone, whatever is written is meant for it.
      const meant = images.length === 1 ? written : written.filter((text) => isOf(text, image));
      return [
        ...(meant.length === 0 ? ['no --image'] : meant).flatMap((text) =>
          builtImageFaults(workflow, image, place, text),
        ),
        ...(meant.length > 1 ? [unclear(place, `${meant.length} times --image`, image)] : []),
      ];
    }),
    ...written
      .filter((text) => images.length > 1 && !images.some((image) => isOf(text, image)))
      .map((text) => ({
        place,
        value: `--image ${text}`,
        allowed: `one image of each: ${images.map(({ repository }) => repository.uri).join(', ')}`,
        change: 'remove it: the target runs no image of that repository',
      })),
    ...(use.optional.includes('image')
      ? images.slice(0, 1).map((image) => unclear(place, '--image, which may be left out', image))
      : []),
  ];
}

const unclear = (place: string, value: string, { repository }: ImageEntry): Fault => ({
  place,
  value,
  allowed: `--image once and always, with the digest of ${repository.uri} that the run built`,
  change: 'write `--image` once for each image of the workload, or run `npx projen`',
});

/** The tags of the image, such as those of a release, must be put on the same digest. */
export function taggedImageFaults({ manifest, workflows }: Artefacts): readonly Fault[] {
  return workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      commandsOf(job)
        .filter(({ verb }) => verb === 'image tag')
        .flatMap((use) => {
          const image = manifest.images.find(({ id }) => id === use.workload);
          const place = placeOf(workflow, job, use.step);
          const { digest } = partsOf(writtenOption(workflow, job, use, 'image') ?? '');
          return image ? digestFaults(workflow, job, image, place, digest) : [];
        }),
    ),
  );
}

/**
 * Whether a text is the image that the one build job of the workflow made.
 *
 * @param written such as `<repository>@${{ needs.build.outputs.digest }}`
 */
export function builtImageFaults(
  workflow: Workflow,
  image: ImageEntry,
  place: string,
  written: string,
): readonly Fault[] {
  const { repository, digest } = partsOf(written);
  const builds = buildsOf(workflow, image);
  const [build, ...others] = builds;
  const expected = `${image.repository.uri}@\${{ needs.${build?.id ?? 'build'}.outputs.… }}, the digest that the one build of the run made`;
  const { id, output = '' } = outputOfJob(digest) ?? {};
  if (!build || others.length > 0 || repository !== image.repository.uri || id !== build.id) {
    const made =
      builds.length === 1 ? '' : `; jobs that build: ${builds.map((job) => job.id).join(', ') || 'none'}`;
    return [
      {
        place,
        value: `${written}${made}`,
        allowed: expected,
        change: 'take the digest from the job that builds, once for all environments',
      },
    ];
  }
  const value = build.outputs[output] ?? `output ${output}, which is not declared`;
  return [
    ...digestFaults(workflow, build, image, placeOf(workflow, build), value),
    ...sourceFaults(workflow, build, image),
  ];
}

/** Takes an image apart at its digest. */
function partsOf(written: string): Written {
  const at = written.indexOf('@');
  return at < 0
    ? { repository: written, digest: '' }
    : { repository: written.slice(0, at), digest: written.slice(at + 1) };
}
