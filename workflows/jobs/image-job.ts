import type { ResolvedImage } from '../plan/images';

/** Id of a job, or another name, that no two images of a workload share: the text alone where it has one image. */
export const forImage = (text: string, { name }: ResolvedImage): string =>
  name === undefined ? text : `${text}-${name}`;

/** Variable with the image, in steps that take all images of the workload. */
export const imageVariable = ({ name }: ResolvedImage): string =>
  name === undefined ? 'IMAGE' : `IMAGE_${name.toUpperCase().replaceAll('-', '_')}`;

/** Digest of the image, in a job that needs its build. */
export const builtDigest = (image: ResolvedImage): string =>
  `\${{ needs.${forImage('build', image)}.outputs.digest }}`;

/** The image by digest, in a job that needs its build. */
export const builtImage = (image: ResolvedImage): string =>
  `${image.image.repository.uri}@${builtDigest(image)}`;
