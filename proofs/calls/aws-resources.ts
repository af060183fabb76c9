import type { Options } from './options';

/** Account and region that a line of the AWS command line works in. */
export interface Scope {
  readonly account: string;
  readonly region: string;
}

type Read = (options: Options, scope: Scope) => readonly (string | undefined)[];

const named =
  (flags: readonly string[], arn: (name: string, scope: Scope) => string): Read =>
  (options, scope) =>
    flags
      .flatMap((flag) => options.values(flag))
      .map((name) => (name === undefined || name.startsWith('arn:') ? name : arn(name, scope)));

const ecs =
  (kind: string) =>
  (name: string, { account, region }: Scope) =>
    `arn:aws:ecs:${region}:${account}:${kind}/${name}`;

/** `service/<cluster>/<name>` and its like: the cluster is an option of its own. */
const inCluster =
  (kind: string, flags: readonly string[]): Read =>
  (options, scope) => {
    const cluster =
      options.value('--cluster') ?? (options.flags.includes('--cluster') ? undefined : 'default');
    if (cluster === undefined) return [undefined];
    const last = cluster.slice(cluster.lastIndexOf('/') + 1);
    return named(flags, (name) => ecs(`${kind}/${last}`)(name, scope))(options, scope);
  };

const bucket: Read = (options) => {
  const name = options.value('--bucket');
  return [name === undefined ? undefined : `arn:aws:s3:::${name}`];
};
const object: Read = (options) => {
  const [name, key] = [options.value('--bucket'), options.value('--key')];
  return [name === undefined || key === undefined ? undefined : `arn:aws:s3:::${name}/${key}`];
};

const sagemaker = (kind: string, flag: string): Read =>
  named([flag], (name, { account, region }) => `arn:aws:sagemaker:${region}:${account}:${kind}/${name}`);

/**
 * Where the options of a line name the resource, by the resource type of its action. A type that is not
 * listed cannot be told from a line.
 */
export const RESOURCE_OPTIONS: Readonly<Record<string, Read>> = {
  'cloudformation:stack': named(
    ['--stack-name'],
    (name, { account, region }) => `arn:aws:cloudformation:${region}:${account}:stack/${name}/*`,
  ),
  'ecr:repository': (options, scope) => {
    const account = options.value('--registry-id') ?? scope.account;
    const flags = ['--repository-name', '--repository-names'];
    return named(flags, (name) => `arn:aws:ecr:${scope.region}:${account}:repository/${name}`)(
      options,
      scope,
    );
  },
  'ecs:cluster': named(['--cluster', '--clusters'], (name, scope) => ecs('cluster')(name, scope)),
  'ecs:service': inCluster('service', ['--service', '--services', '--service-name']),
  'ecs:task': inCluster('task', ['--task', '--tasks']),
  'ecs:task-definition': named(['--task-definition', '--family'], (name, scope) =>
    ecs('task-definition')(name.includes(':') ? name : `${name}:*`, scope),
  ),
  'iam:role': named(['--role-name'], (name, { account }) => `arn:aws:iam::${account}:role/${name}`),
  'logs:log-group': named(
    ['--log-group-name'],
    (name, { account, region }) => `arn:aws:logs:${region}:${account}:log-group:${name}`,
  ),
  'sagemaker:endpoint': sagemaker('endpoint', '--endpoint-name'),
  'sagemaker:endpoint-config': sagemaker('endpoint-config', '--endpoint-config-name'),
  'sagemaker:model': sagemaker('model', '--model-name'),
  's3:bucket': bucket,
  's3:object': object,
  'ssm:parameter': named(
    ['--name', '--names'],
    (name, { account, region }) =>
      `arn:aws:ssm:${region}:${account}:parameter${name.startsWith('/') ? '' : '/'}${name}`,
  ),
};
