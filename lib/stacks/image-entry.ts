import type { DockerHubImage, ImageEntry } from '../../contract';
import type { DockerHubStore, Image, Workload } from '../platform';

/** What the manifest says of an image wherever it is kept. */
export const imageFields = (
  { source }: Workload,
  image: Image,
): Pick<ImageEntry, 'id' | 'name' | 'context' | 'dockerfile' | 'platform' | 'scan' | 'attestations'> => ({
  id: image.id,
  name: image.name,
  context: image.context,
  dockerfile: `${source}/${image.dockerfile}`,
  platform: image.platform,
  scan: { severities: image.severities, blocks: image.scanBlocks, codeScanning: image.codeScanning },
  attestations: image.attestations,
});

/**
 * An image at Docker Hub, for which AWS holds nothing.
 *
 * @param constructPath what the image is for: the first target that runs it
 */
export const dockerHubEntry = (
  workload: Workload,
  image: Image,
  { repository, username, tokenSecret }: DockerHubStore,
  constructPath: string,
): DockerHubImage => ({
  ...imageFields(workload, image),
  registry: 'dockerHub',
  repository: { name: repository, uri: `docker.io/${repository}` },
  username,
  tokenSecret,
  constructPath,
});
