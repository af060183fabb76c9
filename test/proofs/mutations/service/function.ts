import type { Mutation, Sources } from '../../sample';
import type { Json } from '../k3s/edit';
import { CANARY, defects, FUNCTION, resourceIn, setting } from './edit';

const unreviewed = defects('P12', `${CANARY}/Service/Verification`);

const variable = (name: string, value: string) => (sample: Sources) => {
  const { Environment } = resourceIn(sample, FUNCTION).Properties;
  (Environment as { Variables: Json }).Variables[name] = value;
};

/** Code that nobody reviewed decides whether a version is good. */
export const VERIFICATION_CODE_MUTATIONS: readonly Mutation[] = [
  unreviewed('a function that finds everything good', (sample) => {
    const { Properties } = resourceIn(sample, FUNCTION);
    const { ZipFile } = Properties.Code as { ZipFile: string };
    Properties.Code = { ZipFile: ZipFile.replace("'FAILED'", "'SUCCEEDED'") };
  }),
  unreviewed('code from a bucket', setting(FUNCTION, '', 'Code', { S3Bucket: 'b', S3Key: 'k' })),
  unreviewed('an image in place of the code', setting(FUNCTION, '', 'Code', { ImageUri: 'example.com/a:1' })),
  unreviewed('another runtime', setting(FUNCTION, '', 'Runtime', 'python3.13')),
  unreviewed('another entry', setting(FUNCTION, '', 'Handler', 'index.other')),
  unreviewed(
    'a layer beside the code',
    setting(FUNCTION, '', 'Layers', ['arn:aws:lambda:us-east-1:1:layer:a:1']),
  ),
  unreviewed('options of Node.js that load other code', variable('NODE_OPTIONS', '--require /tmp/a.js')),
  unreviewed('a wrapper around the runtime', variable('AWS_LAMBDA_EXEC_WRAPPER', '/opt/wrapper')),
];
