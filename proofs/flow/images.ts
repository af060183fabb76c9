import type { Fault } from '../../contract';
import type { Job } from '../artefacts';
import { record } from './occurrences';

const DIGEST = /@sha256:[0-9a-f]{64}$/;

/** Images that a job runs in and beside. */
export function imagesOf({ raw }: Job): readonly string[] {
  const containers = [raw.container, ...Object.values(record(raw.services))];
  return containers.flatMap((container) => {
    const image = typeof container === 'string' ? container : record(container).image;
    if (typeof image === 'string' && image !== '') return [image];
    return container === undefined || image === undefined || image === '' ? [] : ['an image that is no text'];
  });
}

/** @param image as it is written, such as `postgres:17@sha256:…` */
export function imageFaults(place: string, image: string): readonly Fault[] {
  if (DIGEST.test(image)) return [];
  return [
    {
      place,
      value: `the image ${image}`,
      allowed: 'an image by digest: <name>@sha256:<64 hex digits>',
      change: 'add the digest behind the name; a tag can be moved',
    },
  ];
}
