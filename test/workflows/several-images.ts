import type {
  DeployManifest,
  DockerHubImage,
  EcrImage,
  GoQuality,
  ImageEntry,
  RoleEntry,
  WorkloadEntry,
} from '../../contract';
import { registryCalls } from '../../constructs/image-registry/spec';
import { manifest } from '../fixtures/manifest';

const ID = 'production-platform';
const NAMES = ['api', 'worker'] as const;

export const GO: GoQuality = {
  language: 'go',
  version: '1.26',
  modules: NAMES.map((name) => `services/${ID}/${name}`),
};

export const TOKEN = {
  name: 'DOCKERHUB_TOKEN',
  purpose: 'access token of octo-bot at Docker Hub: builds push with it',
  environments: [],
};

interface Shape {
  /** Where the image `worker` is kept; `api` is kept in ECR. */
  readonly worker?: ImageEntry['registry'];
  readonly starts?: WorkloadEntry['starts'];
  readonly attestations?: boolean;
}

/** A manifest with one workload of two images, which people deliver through two environments. */
export function severalImages({
  worker = 'ecr',
  starts = 'byHand',
  attestations = false,
}: Shape = {}): DeployManifest {
  const whole = manifest({ workloads: [ID] });
  const [image] = whole.images;
  if (!image) throw new Error('the fixture has no image');
  const images = NAMES.map((name) =>
    name === 'worker' && worker === 'dockerHub'
      ? onDockerHub(image, name)
      : named({ ...image, attestations }, name),
  );
  return {
    ...whole,
    secrets: worker === 'dockerHub' ? [TOKEN] : [],
    images: images.map((entry) => ({ ...entry, attestations })),
    roles: [...NAMES.flatMap((name) => rolesOf(whole.roles, name)), ...ofTargets(whole.roles)],
    targets: whole.targets.map((target) => ({ ...target, images: images.map(({ id }) => id) })),
    workloads: whole.workloads.map((workload) => ({
      ...workload,
      quality: GO,
      images: images.map(({ id }) => id),
      starts,
      rollbackByCommit: false,
      releaseTags: [],
    })),
  };
}

/** The manifest with the images changed. */
export function withImages(whole: DeployManifest, change: (image: ImageEntry) => ImageEntry): DeployManifest {
  return { ...whole, images: whole.images.map(change) };
}

function named(image: EcrImage, name: string): EcrImage {
  const { account, region, uri } = image.repository;
  const repository = `${image.repository.name}-${name}`;
  return {
    ...image,
    id: `${ID}-${name}`,
    name,
    repository: { name: repository, uri: `${uri}-${name}`, account, region },
    context: `services/${ID}/${name}`,
    dockerfile: `services/${ID}/${name}/Dockerfile`,
    publishRole: `${ID}-${name}-publish`,
    scanRole: `${ID}-${name}-scan`,
    calls: registryCalls({
      repositoryArn: `arn:aws:ecr:${region}:${account}:repository/${repository}`,
      releases: false,
    }),
    constructPath: `ml-platform-${ID}-${name}-images/Images`,
  };
}

function onDockerHub(image: EcrImage, name: string): DockerHubImage {
  const { publishRole: _p, scanRole: _s, immutableTags: _t, calls: _c, ...shared } = named(image, name);
  return {
    ...shared,
    registry: 'dockerHub',
    repository: { name: `octo-org/${name}`, uri: `docker.io/octo-org/${name}` },
    username: 'octo-bot',
    tokenSecret: TOKEN.name,
  };
}

const ofTargets = (roles: readonly RoleEntry[]) =>
  roles.filter(({ environment }) => environment !== undefined);

/** The roles of one image. */
function rolesOf(roles: readonly RoleEntry[], name: string): readonly RoleEntry[] {
  const ofImage = (text: string): string => text.replace(`-${ID}-`, `-${ID}-${name}-`);
  return roles
    .filter(({ environment }) => environment === undefined)
    .map((role) => ({
      ...role,
      id: role.id.replace(ID, `${ID}-${name}`),
      name: ofImage(role.name),
      arn: ofImage(role.arn),
      constructPath: ofImage(role.constructPath),
    }));
}
