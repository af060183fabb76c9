/** End of the path of the sample's workflow files. */
export const DEPLOY = 'kvs-infer-deploy.yml';
export const ROLLBACK = 'kvs-infer-rollback.yml';
/** Stack of the service in production. */
export const PRODUCTION = 'ml-platform-kvs-infer-production';

/** Places within a job. */
export const job = (id: string, file = DEPLOY): RegExp =>
  new RegExp(`${file.replace('.', '\\.')}:\\d+ ${id}(?:$|[/ ])`);

/** The workflow files of the workload that is delivered by promotion. */
export const CHECKS = 'bikeshare-ci.yml';
export const FIRST = 'bikeshare-cd-staging.yml';
export const PROMOTE = 'bikeshare-promote-production.yml';
/** Stacks of its endpoints. */
export const ENDPOINT_STAGING = 'ml-platform-bikeshare-staging';
export const ENDPOINT_PRODUCTION = 'ml-platform-bikeshare-production';

/** The workflow file of the workload with several images, and the stacks of its nodes. */
export const SEVERAL = 'production-platform-deploy.yml';
export const NODE_STAGING = 'ml-platform-production-platform-staging';
export const NODE_PRODUCTION = 'ml-platform-production-platform-production';
