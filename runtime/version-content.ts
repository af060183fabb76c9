import type { Version } from '../contract/deployer';

/** Name of a version, and what it is made of. */
export function versionText(version: Version): string {
  const images = imagesOf(version);
  return images.length === 0 ? version.name : `${version.name} (${images.join(', ')})`;
}

/** The images of a version, whether its kind of target runs one or several. */
export const imagesOf = ({ image, images }: Version): readonly string[] =>
  images ?? (image === undefined ? [] : [image]);
