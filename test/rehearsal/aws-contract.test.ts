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
import { RESOURCES, TOKENS } from './contract/tested-account';
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
