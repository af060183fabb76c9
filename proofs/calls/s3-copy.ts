import type { AwsCall } from '../../contract';

const SCHEME = 's3://';

/**
 * Calls of the high-level commands `aws s3 …`. What lies below a path may be touched, so objects are
 * prefixes.
 *
 * @param paths arguments of the command, local paths included
 * @returns `undefined` for a command or a path that is not known
 * @see https://docs.aws.amazon.com/cli/latest/reference/s3/
 */
export function copiedObjects(
  operation: string,
  paths: readonly (string | undefined)[],
): readonly AwsCall[] | undefined {
  const [source, target] = paths;
  if (operation === 'ls' && paths.length === 0) return [{ action: 's3:ListAllMyBuckets', resources: ['*'] }];
  if (source === undefined) return undefined;
  switch (operation) {
    case 'presign':
      return [];
    case 'ls':
      return on(source, ['s3:ListBucket'], []);
    case 'mb':
      return on(source, ['s3:CreateBucket'], []);
    case 'rb':
      return on(source, ['s3:DeleteBucket'], []);
    case 'rm':
      return on(source, ['s3:ListBucket'], ['s3:DeleteObject']);
    case 'cp':
    case 'mv':
    case 'sync': {
      if (target === undefined) return undefined;
      const moves = operation === 'mv';
      return [
        ...on(source, ['s3:ListBucket'], ['s3:GetObject', ...(moves ? ['s3:DeleteObject'] : [])]),
        ...on(target, operation === 'sync' ? ['s3:ListBucket'] : [], ['s3:PutObject']),
      ];
    }
    default:
      return undefined;
  }
}

/** Calls on the bucket and on the objects of a path; none for a path of the runner. */
function on(path: string, ofBucket: readonly string[], ofObjects: readonly string[]): readonly AwsCall[] {
  if (!path.startsWith(SCHEME)) return [];
  const [bucket = '', ...keys] = path.slice(SCHEME.length).split('/');
  const key = keys.join('/');
  return [
    ...ofBucket.map((action) => ({ action, resources: [`arn:aws:s3:::${bucket}`] })),
    ...ofObjects.map((action) => ({ action, resources: [`arn:aws:s3:::${bucket}/${key}*`] })),
  ];
}
