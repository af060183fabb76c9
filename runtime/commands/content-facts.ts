import type { Version } from '../../contract/deployer';
import type { Report } from '../report';

/** Image and model of a version, as far as they are known. */
export const contentFacts = ({ image, model }: Version): Report['facts'] => [
  ...(image === undefined ? [] : [['image', image] as const]),
  ...(model === undefined ? [] : [['model', model] as const]),
];
