import type { Fault, ImageEntry } from '../../contract';
import type { Artefacts, Job, Step, Workflow } from '../artefacts';
import { builtImageFaults, imagesOfTarget } from './built-image';
import { Deliveries } from './deliveries';
import { listedImages } from './listed-images';
import { placeOf } from './place';
import { promotionOf } from './promotion';

const ATTEST = 'actions/attest';

/** What is attested must be the digest that was built, of each image for which the manifest promises attestations. */
export function attestedImageFaults(artefacts: Artefacts): readonly Fault[] {
  return [...imagesByWorkflow(artefacts)].flatMap(([workflow, images]) => {
    const steps = workflow.jobs.flatMap((job) =>
      job.steps.filter((step) => step.with['subject-digest'] !== undefined).map((step) => ({ job, step })),
    );
    return [
      ...steps.flatMap(({ job, step }) => stepFaults(artefacts, workflow, job, step, images)),
      ...images
        .filter(({ attestations }) => attestations)
        .filter(
          ({ repository }) =>
            !steps.some(
              ({ step }) => step.uses?.action === ATTEST && step.with['subject-name'] === repository.uri,
            ),
        )
        .map(({ id, repository }) => ({
          place: workflow.file,
          value: `no step attests the image ${id}`,
          allowed: `${ATTEST} with the subject-name ${repository.uri}, which the manifest promises`,
          change: 'run `npx projen` to write the workflows anew',
        })),
    ];
  });
}

/** What each workflow builds and deploys; a promotion deploys what was attested before. */
function imagesByWorkflow(artefacts: Artefacts): ReadonlyMap<Workflow, readonly ImageEntry[]> {
  const found = new Map<Workflow, ReadonlySet<ImageEntry>>();
  for (const one of Deliveries.of(artefacts).deployments) {
    if (promotionOf(artefacts, one)) continue;
    const images = [...(found.get(one.workflow) ?? []), ...imagesOfTarget(artefacts, one)];
    found.set(one.workflow, new Set(images));
  }
  return new Map([...found].map(([workflow, images]) => [workflow, [...images]]));
}

function stepFaults(
  { manifest }: Artefacts,
  workflow: Workflow,
  job: Job,
  step: Step,
  delivered: readonly ImageEntry[],
): readonly Fault[] {
  const { 'subject-name': name = '', 'subject-digest': digest = '' } = step.with;
  const image = manifest.images.find(({ repository }) => repository.uri === name) ?? delivered[0];
  if (!image) return [];
  const place = placeOf(workflow, job, step);
  return [
    ...builtImageFaults(workflow, image, place, `${name}@${digest}`),
    ...materialFaults(workflow, job, step, image, place),
  ];
}

/** A bill of materials must be that of the image beside which it is attested. */
function materialFaults(
  workflow: Workflow,
  job: Job,
  step: Step,
  { repository }: ImageEntry,
  place: string,
): readonly Fault[] {
  const file = step.with['sbom-path'];
  if (file === undefined) return [];
  const listed = listedImages(workflow, job, step, file);
  if (listed.length > 0 && listed.every((text) => text.startsWith(`${repository.uri}@`))) return [];
  return [
    {
      place,
      value: `sbom-path: ${file}, a list of ${listed.join(' and ') || 'nothing that the run has listed'}`,
      allowed: `the bill of materials of ${repository.uri}, which a job before it has listed and kept`,
      change: 'fetch the artifact of the job that scans this image',
    },
  ];
}
