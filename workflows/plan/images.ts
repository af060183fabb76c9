import {
  type DeployManifest,
  type DockerHubImage,
  type EcrImage,
  type Fault,
  type ImageEntry,
  LockstepError,
  type RoleEntry,
  type SecretEntry,
  type WorkloadEntry,
} from '../../contract';
import { dangling, entry } from './entry';

/** An image of a workload, and how jobs reach its registry. */
export type ResolvedImage = OnEcr | OnDockerHub;

interface Named {
  /** Tells it from the other images of the workload. @default - there is no other */
  readonly name?: string;
}

/** Jobs sign in with a role. */
export interface OnEcr extends Named {
  readonly registry: 'ecr';
  readonly image: EcrImage;
  readonly publishRole: RoleEntry;
  readonly scanRole: RoleEntry;
}

/** The build logs in with a token of Docker Hub; anybody may pull. */
export interface OnDockerHub extends Named {
  readonly registry: 'dockerHub';
  readonly image: DockerHubImage;
  readonly token: SecretEntry;
}

/**
 * The images of a workload, in its order.
 *
 * @throws LockstepError `DanglingReference`, `DuplicateEntry`
 */
export function resolveImages(manifest: DeployManifest, workload: WorkloadEntry): readonly ResolvedImage[] {
  const place = `workload ${workload.id}, images`;
  const images = workload.images.map((id) => entry(manifest.images, id, place));
  if (images.length === 0) throw dangling(place, 'nothing', 'one image or more');
  const faults = [...twins(images, place), ...shared(manifest, workload, place)];
  if (faults.length > 0) throw new LockstepError('DuplicateEntry', faults);
  return images.map((image) => ({
    ...(images.length > 1 && { name: image.name }),
    ...inRegistry(manifest, image),
  }));
}

function inRegistry(manifest: DeployManifest, image: ImageEntry): ResolvedImage {
  const place = `image ${image.id}`;
  switch (image.registry) {
    case 'ecr':
      return {
        registry: image.registry,
        image,
        publishRole: entry(manifest.roles, image.publishRole, `${place}, publishRole`),
        scanRole: entry(manifest.roles, image.scanRole, `${place}, scanRole`),
      };
    case 'dockerHub': {
      const secrets = manifest.secrets.map((secret) => ({ ...secret, id: secret.name }));
      return {
        registry: image.registry,
        image,
        token: entry(secrets, image.tokenSecret, `${place}, tokenSecret`),
      };
    }
  }
}

/** Jobs, variables and artifacts bear the name of an image. */
function twins(images: readonly ImageEntry[], place: string): readonly Fault[] {
  return images.flatMap((image, index) => {
    const earlier = images.slice(0, index).find(({ name }) => name === image.name);
    if (!earlier) return [];
    return [
      {
        place,
        value: `${earlier.constructPath} and ${image.constructPath}, both named ${image.name}`,
        allowed: 'each image once, under a name of its own',
        change: `rename one of them or leave it out`,
      },
    ];
  });
}

/** The roles of an image trust the workflow file of one workload. */
function shared(manifest: DeployManifest, workload: WorkloadEntry, place: string): readonly Fault[] {
  const others = manifest.workloads.filter(({ id }) => id !== workload.id);
  return workload.images.flatMap((id) =>
    others
      .filter(({ images }) => images.includes(id))
      .map((other) => ({
        place,
        value: `${id}, which workload ${other.id} builds too`,
        allowed: 'images of this workload alone',
        change: 'give each workload an image of its own',
      })),
  );
}
