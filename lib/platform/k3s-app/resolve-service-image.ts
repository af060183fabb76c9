import type { z } from 'zod';
import { imageNames } from '../../names';
import type { Image, ImageStore } from '../workload';
import { resolveImage } from '../workload-fields';
import type { k3sAppSchema } from './schema';

type Parsed = z.infer<typeof k3sAppSchema>;

/** Folder of a service, relative to the source folder. */
export const folderOf = ({ name, directory }: Parsed['services'][number]): string => directory ?? name;

/** The image of a service. That of a single one is named like the workload, as those of other kinds are. */
export function resolveServiceImage(
  props: Parsed,
  service: Parsed['services'][number],
  field: string,
  platform: string,
): Image {
  const { id, source, services } = props;
  const single = services.length === 1;
  const image = single ? id : `${id}-${service.name}`;
  const folder = folderOf(service);
  return {
    id: image,
    name: single ? id : service.name,
    field,
    context: `${source}/${folder}`,
    dockerfile: `${folder}/${service.dockerfile ?? 'Dockerfile'}`,
    ...resolveImage(props.image),
    store: storeOf(props, image, { ...imageNames(platform, image), ...service.names }),
  };
}

function storeOf({ registry }: Parsed, image: string, names: ReturnType<typeof imageNames>): ImageStore {
  if (!registry) return { registry: 'ecr', names };
  const { organization, username, tokenSecret } = registry.dockerHub;
  return {
    registry: 'dockerHub',
    repository: `${organization}/${image}`,
    username,
    tokenSecret: tokenSecret ?? 'DOCKERHUB_TOKEN',
  };
}
