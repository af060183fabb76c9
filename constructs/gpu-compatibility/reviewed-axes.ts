import { HOST_IMAGES } from './hosts';
import type { Axes } from './matrix';

/** What is combined when nobody says otherwise: the builds that are still in use, and the drivers of the ECS images. */
export const REVIEWED_AXES = {
  cuda: ['12.1.0', '12.1.1', '12.2.0', '12.6.3', '13.0.2'],
  driver: ['525.85.12', '530.30.02', '535.54.03', ...HOST_IMAGES.map(({ driver }) => driver)],
  pytorch: ['2.3.1', '2.4.0', '2.9.0'],
} satisfies Axes;
