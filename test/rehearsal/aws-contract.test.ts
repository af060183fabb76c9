import { PublishCommand, type PublishCommandInput } from '@aws-sdk/client-sns';
import { type IamReference, loadReference } from '../../proofs/iam';
import { describeContract } from './contract/contract';
import {
  ACCOUNT,
  type Emulator,
  REGION,
  roleArn,
  startEmulator,
  stopEmulators,
  templateOf,
} from './contract/emulator';
import { questionFaults } from './contract/question-faults';
import { CONTRACT } from './contract/rows';
import { RESOURCES, TOKENS, TOPIC } from './contract/tested-account';
import { resourcesOf } from './ecs-template';

const DATA = {
  Repository: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'team/app' } },
  Logs: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/app/logs', RetentionInDays: 7 } },
  Versioned: {
    Type: 'AWS::S3::Bucket',
    Properties: { BucketName: 'versioned-bucket', VersioningConfiguration: { Status: 'Enabled' } },
  },
};

let emulator: Emulator;

beforeAll(async () => {
  const ecs = { ...templateOf(resourcesOf({ account: ACCOUNT })), stack: 'infer' };
  emulator = await startEmulator([templateOf({ ...RESOURCES, ...DATA }), ecs], { tokens: TOKENS });
});

afterAll(stopEmulators);

describeContract(() => emulator, CONTRACT);

test('roles that tasks get are asked for, whoever names them', () => {
  const passed = emulator.aws.calls.filter(
    ({ context }) => context['iam:PassedToService'] === 'ecs-tasks.amazonaws.com',
  );
  const registered = [roleArn('task'), roleArn('execution')];
  expect(passed.map(({ action }) => action)).toEqual(Array(4).fill('iam:PassRole'));
  expect(passed.map(({ resource }) => resource)).toEqual([...registered, ...registered]);
});

describe('mail', () => {
  const publish = (role: string, given: Partial<PublishCommandInput> = {}) =>
    emulator
      .clients(role)
      .sns.send(new PublishCommand({ TopicArn: TOPIC, Subject: 'news', Message: 'of today', ...given }));

  test('reaches a topic that is there, with a subject that mail can have', async () => {
    await expect(publish('tester', { Subject: 'two\nlines' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await expect(publish('tester', { TopicArn: `${TOPIC}-of-nobody` })).rejects.toMatchObject({
      name: 'NotFoundException',
    });
    await publish('tester');
    expect(emulator.aws.world.sns.messages(TOPIC).at(-1)).toMatchObject({
      subject: 'news',
      text: 'of today',
    });
  });

  test.each(['shut-out', 'deploy'])(
    'is refused to %s, by the policy of the topic or for want of one',
    (role) => expect(publish(role)).rejects.toMatchObject({ name: 'AccessDenied' }),
  );
});

describe('what an operation must not ask IAM', () => {
  let reference: IamReference;
  beforeAll(async () => {
    reference = await loadReference(['ecs', 'ec2', 's3', 'ssm']);
  });

  const cluster = `arn:aws:ecs:${REGION}:${ACCOUNT}:cluster/c`;
  const service = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/c/s`;
  const inCluster = { 'ecs:cluster': cluster };
  const parameter = `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/a/b`;

  test.each([
    ['ecs:UpdateServices', service, {}, 'ecs:UpdateServices is no action'],
    ['ecs:UpdateService', cluster, inCluster, `ecs:UpdateService: ${cluster} is no service`],
    ['ecs:UpdateService', service, {}, 'ecs:UpdateService lacks ecs:cluster'],
    [
      'ecs:UpdateService',
      service,
      { ...inCluster, 'ssm:Overwrite': 'true' },
      'ecs:UpdateService does not know ssm:Overwrite',
    ],
    [
      'ecs:DescribeClusters',
      'arn:aws:ecs:*:*:cluster/a/b',
      {},
      'ecs:DescribeClusters: nothing asked about a cluster',
    ],
    ['ec2:DescribeVpcs', 'arn:aws:ec2:*:*:vpc/*', {}, 'ec2:DescribeVpcs knows no resources'],
    ['s3:GetObject', 'arn:aws:s3:::bucket', {}, 's3:GetObject: arn:aws:s3:::bucket is no '],
    ['ssm:PutParameter', parameter, {}, 'ssm:PutParameter lacks ssm:Overwrite'],
  ])('%s on %s with %j', (action, resource, context, fault) => {
    const faults = questionFaults([{ action, resource, context }], reference);
    expect(faults).toContainEqual(expect.stringContaining(fault));
  });

  test('keys of every request are known to every action', () => {
    const context = { ...inCluster, 'aws:ResourceAccount': ACCOUNT };
    expect(questionFaults([{ action: 'ecs:UpdateService', resource: service, context }], reference)).toEqual(
      [],
    );
  });
});
