import { awsLineCalls } from '../../../proofs/calls/aws-line';
import { programsOf } from '../../../proofs/calls/programs';
import { type IamReference, loadReference } from '../../../proofs/iam';

const SCOPE = { account: '111111111111', region: 'eu-west-1' };
let reference: IamReference;
beforeAll(async () => {
  reference = await loadReference(['ecs', 'ecr', 's3', 'ssm', 'logs', 'sts', 'cloudformation']);
});

function read(line: string, environment: Readonly<Record<string, string>> = {}) {
  const [program] = programsOf(`aws ${line}`);
  if (program?.kind !== 'aws') throw new Error('no line of aws');
  return awsLineCalls(program.words, { place: 'here', text: program.text, environment }, SCOPE, reference);
}

test.each([
  ['ecr get-login-password', ['ecr:GetAuthorizationToken *']],
  [
    'ecr describe-images --repository-name app',
    ['ecr:DescribeImages arn:aws:ecr:eu-west-1:111111111111:repository/app'],
  ],
  [
    'ecs describe-services --cluster c --services a b',
    [
      'ecs:DescribeServices arn:aws:ecs:eu-west-1:111111111111:service/c/a',
      'ecs:DescribeServices arn:aws:ecs:eu-west-1:111111111111:service/c/b',
    ],
  ],
  [
    '--region us-east-1 ecs wait services-stable --cluster=c --services a',
    ['ecs:DescribeServices arn:aws:ecs:us-east-1:111111111111:service/c/a'],
  ],
  [
    'ssm get-parameter --name /a/b --query Parameter.Value --output text',
    ['ssm:GetParameter arn:aws:ssm:eu-west-1:111111111111:parameter/a/b'],
  ],
  [
    'ssm put-parameter --overwrite --name "$NAME" --value x',
    ['ssm:PutParameter arn:aws:ssm:eu-west-1:111111111111:parameter/from-env'],
  ],
  ['s3api head-object --bucket b --key k/l', ['s3:GetObject arn:aws:s3:::b/k/l']],
  ['s3 cp --only-show-errors a.txt s3://b/dir/a.txt', ['s3:PutObject arn:aws:s3:::b/dir/a.txt*']],
  [
    's3 sync s3://b/in . --exclude "*.tmp"',
    ['s3:ListBucket arn:aws:s3:::b', 's3:GetObject arn:aws:s3:::b/in*'],
  ],
  [
    's3 mv s3://b/x s3://c/y',
    [
      's3:ListBucket arn:aws:s3:::b',
      's3:GetObject arn:aws:s3:::b/x*',
      's3:DeleteObject arn:aws:s3:::b/x*',
      's3:PutObject arn:aws:s3:::c/y*',
    ],
  ],
  ['s3 ls', ['s3:ListAllMyBuckets *']],
  ['sts get-caller-identity', []],
])('aws %s', (line, expected) => {
  const { calls, faults } = read(line, { NAME: '/from-env' });
  expect(faults).toEqual([]);
  expect(calls.map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
});

test.each([
  ['an operation that does not exist', 'ecs describe-everything'],
  ['a service that does not exist', 'ecss describe-services --cluster c'],
  ['no operation', 'ecs'],
  ['an operation in a variable', 'ecs "$OPERATION"'],
  ['several calls in one', 'cloudformation deploy --stack-name s'],
  ['a resource in a variable', 'ssm get-parameter --name "$UNKNOWN"'],
  ['a resource that GitHub fills in', 'ssm get-parameter --name ${{ inputs.name }}'],
  ['a resource that the line does not name', 'ecs describe-services --cluster c'],
  ['a file of parameters', 'ecs update-service --cli-input-json file://x.json'],
  ['another profile', 'ecs describe-services --profile admin --cluster c --services s'],
  ['another endpoint', 's3 ls --endpoint-url=https://example.org'],
  ['a path in a variable', 's3 cp "$FROM" s3://b/'],
])('is refused: %s', (_, line) => {
  const { calls, faults } = read(line);
  expect(calls).toEqual([]);
  expect(faults).toHaveLength(1);
  expect(faults[0]?.change).toContain('declare it');
});
