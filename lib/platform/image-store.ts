import { stackNames } from '../names';
import type { NamedStack } from './kind';
import { type PhysicalName, roleName } from './physical-name';
import type { Platform } from './platform';
import type { EcrImage, Image, WorkloadFields } from './workload';

/** Where the images of workloads are kept, and what that is named. */

export const isInEcr = (image: Image): image is EcrImage => image.store.registry === 'ecr';

/** @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerregistry.html */
export const repositoryArn = (platform: Platform, region: string, { store }: EcrImage): string =>
  `arn:aws:ecr:${region}:${platform.imageAccount}:repository/${store.names.repository}`;

/**
 * URI of an image without tag and digest.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/Registries.html
 */
export const repositoryUri = ({ store }: Image, region: string, imageAccount: string): string =>
  store.registry === 'ecr'
    ? `${imageAccount}.dkr.ecr.${region}.amazonaws.com/${store.names.repository}`
    : `docker.io/${store.repository}`;

export function storeNames(
  { store, field }: Image,
  region: string,
  { imageAccount }: Platform,
): readonly PhysicalName[] {
  if (store.registry === 'dockerHub')
    return [{ what: 'image repository', where: 'Docker Hub', name: store.repository, field }];
  const { publishRole, scanRole, repository } = store.names;
  return [
    roleName(publishRole, imageAccount),
    roleName(scanRole, imageAccount),
    {
      what: 'image repository',
      where: `${imageAccount} ${region}`,
      name: repository,
      field: `${field}.names.repository`,
    },
  ];
}

/** One for each image that is kept in ECR. */
export const imageStacks = (
  { id: workload, images }: WorkloadFields,
  { name }: Platform,
): readonly NamedStack[] =>
  images.filter(isInEcr).map((image) => ({
    name: stackNames.images(name, image.id),
    owner: image.id === workload ? `the images of ${workload}` : `the images ${image.name} of ${workload}`,
  }));
