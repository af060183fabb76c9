/** Host of Docker Hub in the names of images. */
export const HUB_HOST = 'docker.io';

export const isHubImage = (image: string): boolean => image.startsWith(`${HUB_HOST}/`);

/** `octo-org/api` of `docker.io/octo-org/api:tag@sha256:…`. */
export const repositoryOf = (image: string): string =>
  image
    .slice(HUB_HOST.length + 1)
    .replace(/@.*$/, '')
    .replace(/:[^:/]*$/, '');

/** The value that a rehearsal gives a secret of the repository. */
export const secretValue = (name: string): string => `rehearsed-value-of-${name}`;
