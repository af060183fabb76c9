/** End of the path of the sample's workflow files. */
export const DEPLOY = 'kvs-infer-deploy.yml';
export const ROLLBACK = 'kvs-infer-rollback.yml';
/** Stack of the service in production. */
export const PRODUCTION = 'ml-platform-kvs-infer-production';

/** Places within a job. */
export const job = (id: string, file = DEPLOY): RegExp =>
  new RegExp(`${file.replace('.', '\\.')}:\\d+ ${id}(?:$|[/ ])`);
