/** What `platform.config.ts` is written with. */
export { Duration, Size } from 'aws-cdk-lib';
export { definePlatform, gpuService, sagemakerEndpoint } from './platform';
