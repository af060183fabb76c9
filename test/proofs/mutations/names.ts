/** Names of the sample platform that mutations speak of. */
export const DEPLOY = 'kvs-infer-deploy.yml';
export const PUBLISH = 'ml-platform-kvs-infer-publish';
export const SCAN = 'ml-platform-kvs-infer-scan';
export const PRODUCTION = 'ml-platform-kvs-infer-production-deploy';
export const STAGING = 'ml-platform-kvs-infer-staging-deploy';
export const WAY_BACK = 'ml-platform-kvs-infer-production-rollback';

export const signInOf = (job: string, file = DEPLOY): RegExp =>
  new RegExp(`^\\.github/workflows/${file.replace('.', '\\.')}:\\d+ ${job}/Sign in to AWS`);
