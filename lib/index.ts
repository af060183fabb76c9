/** What `platform.config.ts` is written with. */
export { Duration, Size } from 'aws-cdk-lib';
export { definePlatform, fargateService, gpuService, k3sApp, sagemakerEndpoint } from './platform';
