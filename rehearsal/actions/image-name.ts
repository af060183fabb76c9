import { HUB_HOST } from '../docker-hub';
import { ActionFailure } from '../github/action-stand-in';

/** The name of an image in a registry. */
export interface ImageName {
  /** As it was written. */
  readonly text: string;
  /** Host of the registry. */
  readonly registry: string;
  /** Path in the registry. */
  readonly repository: string;
  /** Tag, or `sha256:` and 64 hex digits. */
  readonly reference: string;
}

const PATTERN =
  /^(?<registry>[a-z0-9.-]+(?::\d+)?)\/(?<repository>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Private registries of ECR. Besides them a rehearsal has Docker Hub. */
const ECR = /^\d{12}\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?$/;

/**
 * @see https://github.com/distribution/reference
 * @throws ActionFailure for a name that is malformed, or in a registry that is not rehearsed
 */
export function imageName(text: string): ImageName {
  const groups = PATTERN.exec(text)?.groups;
  if (!groups?.registry || !groups.repository) throw new ActionFailure(`invalid reference format: ${text}`);
  const { registry, repository, tag, digest } = groups;
  if (!ECR.test(registry) && registry !== HUB_HOST)
    throw new ActionFailure(`not rehearsed: the registry ${registry} of ${text}`);
  return { text, registry, repository, reference: digest ?? tag ?? 'latest' };
}

/** Region of a private registry of ECR; empty for another registry. */
export const regionOf = ({ registry }: ImageName): string => ECR.exec(registry)?.groups?.region ?? '';
