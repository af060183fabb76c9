import type { Version } from '../../contract/deployer';
import type { Report } from '../report';
import { imagesOf } from '../version-content';

/** Images and model of a version, as far as they are known. */
export const contentFacts = (version: Version): Report['facts'] => [
  ...imagesOf(version).map((image) => ['image', image] as const),
  ...(version.model === undefined ? [] : [['model', version.model] as const]),
];
