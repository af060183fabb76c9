import { type DeployRequest, type ImageReference, LockstepError } from '../../contract';

/**
 * The image of a request, for a kind of target that runs one.
 *
 * @throws LockstepError `InvalidArgument` for none or several
 */
export function soleImage({ images }: Pick<DeployRequest, 'images'>): ImageReference {
  const [image, ...others] = images;
  if (image && others.length === 0) return image;
  throw new LockstepError('InvalidArgument', {
    place: '--image',
    value: images.length === 0 ? 'nothing' : images.join(', '),
    allowed: 'one image: what runs there is made of one',
    change: 'pass --image once',
  });
}
