import type { DeployManifest, Fault, ImageEntry } from '../../contract';
import type { Artefacts, Workflow } from '../artefacts';
import { commandsOf } from './commands';
import { Deliveries, type TargetJob } from './deliveries';
import { buildsOf, digestFaults, sourceFaults } from './image-build';
import { outputOfJob } from './output-reference';
import { placeOf } from './place';
import { promotionOf } from './promotion';
import { writtenOption } from './written-option';

/** An image as text: the repository of the manifest, and a digest that comes from the build. */
interface Written {
  readonly repository: string;
  readonly digest: string;
}

/** The image of a workload; undefined where its targets deploy none. */
export function imageOf({ manifest }: Artefacts, { target }: TargetJob): ImageEntry | undefined {
  return target && manifest.images.find(({ id }) => id === target.image);
}

/** What a deployment deploys must be the digest of the one build of its run, unless it promotes. */
export function deployedImageFaults(artefacts: Artefacts, deployment: TargetJob): readonly Fault[] {
  const { workflow, job, use } = deployment;
  const image = imageOf(artefacts, deployment);
  if (!image || promotionOf(artefacts, deployment)) return [];
  const place = placeOf(workflow, job, use.step);
  return builtImageFaults(
    artefacts,
    workflow,
    image,
    place,
    writtenOption(workflow, job, use, 'image') ?? 'no --image',
  );
}

/** What is attested must be the same digest. */
export function attestedImageFaults(artefacts: Artefacts): readonly Fault[] {
  const { images } = artefacts.manifest;
  const delivered = new Map(
    Deliveries.of(artefacts).deployments.map((one) => [one.workflow, imageOf(artefacts, one)] as const),
  );
  return [...delivered].flatMap(([workflow, usual]) =>
    workflow.jobs.flatMap((job) =>
      job.steps.flatMap((step) => {
        const { 'subject-name': name = '', 'subject-digest': digest } = step.with;
        const image = images.find(({ repository }) => repository.uri === name) ?? usual;
        if (digest === undefined || !image) return [];
        return builtImageFaults(
          artefacts,
          workflow,
          image,
          placeOf(workflow, job, step),
          `${name}@${digest}`,
        );
      }),
    ),
  );
}

/** The tags of the image, such as those of a release, must be put on the same digest. */
export function taggedImageFaults({ manifest, workflows }: Artefacts): readonly Fault[] {
  return workflows.flatMap((workflow) =>
    workflow.jobs.flatMap((job) =>
      commandsOf(job)
        .filter(({ verb }) => verb === 'image tag')
        .flatMap((use) => {
          const { image: id } = manifest.workloads.find((one) => one.id === use.workload) ?? {};
          const image = manifest.images.find((one) => one.id === id);
          const place = placeOf(workflow, job, use.step);
          const { digest } = partsOf(writtenOption(workflow, job, use, 'image') ?? '');
          return image ? digestFaults(workflow, job, ownersOf(manifest, image), place, digest) : [];
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
  { manifest }: Artefacts,
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
    ...digestFaults(workflow, build, ownersOf(manifest, image), placeOf(workflow, build), value),
    ...sourceFaults(workflow, build, image),
  ];
}

/** Workloads that deploy the image: a command names it by them. */
const ownersOf = ({ workloads }: DeployManifest, { id }: ImageEntry): readonly string[] =>
  workloads.filter(({ image }) => image === id).map((workload) => workload.id);

function partsOf(written: string): Written {
  const at = written.indexOf('@');
  return at < 0
    ? { repository: written, digest: '' }
    : { repository: written.slice(0, at), digest: written.slice(at + 1) };
}
