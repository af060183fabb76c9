import {
  CancelCommandCommand,
  DeleteParameterCommand,
  DescribeInstanceInformationCommand,
  GetCommandInvocationCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SendCommandCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { ACCOUNT, type Emulator, REGION } from '../emulator';
import type { ContractRow } from '../row';
import { parameterArn } from '../tested-account';

const Name = '/app/released';
const date = expect.any(Date) as unknown;

/** The only instance whose role lets its agent sign in. */
const nodeOf = ({ aws }: Emulator): string =>
  aws.world.ec2
    .instances({ account: ACCOUNT, region: REGION })
    .filter(({ tags }) => tags.role === 'node')
    .map(({ id }) => id)
    .join();

const send = (ssm: SSMClient, emulator: Emulator) =>
  ssm.send(
    new SendCommandCommand({
      DocumentName: 'tested-document',
      InstanceIds: [nodeOf(emulator)],
      Parameters: { Word: ['hello'] },
      TimeoutSeconds: 60,
    }),
  );

export const SSM: readonly ContractRow[] = [
  {
    operation: 'GetParameter',
    call: ({ ssm }) => ssm.send(new GetParameterCommand({ Name })),
    answer: {
      Parameter: {
        ...{ Name, Type: 'String', Value: 'none', Version: 1, ARN: parameterArn(Name) },
        LastModifiedDate: date,
      },
    },
  },
  {
    operation: 'PutParameter',
    call: ({ ssm }) => ssm.send(new PutParameterCommand({ Name, Value: 'a & <b>', Overwrite: true })),
    answer: { Version: 2, Tier: 'Standard' },
  },
  {
    operation: 'GetParameterHistory',
    call: ({ ssm }) => ssm.send(new GetParameterHistoryCommand({ Name })),
    answer: {
      Parameters: [{ Name, Type: 'String', Value: 'none', Version: 1, LastModifiedDate: date }],
      NextToken: expect.any(String) as unknown,
    },
  },
  {
    operation: 'GetParameters',
    call: ({ ssm }) => ssm.send(new GetParametersCommand({ Names: [Name, '/app/none'] })),
    answer: { Parameters: [{ Value: 'a & <b>', Version: 2 }], InvalidParameters: ['/app/none'] },
  },
  {
    operation: 'GetParametersByPath',
    call: ({ ssm }) => ssm.send(new GetParametersByPathCommand({ Path: '/app' })),
    answer: { Parameters: [{ Name }] },
  },
  {
    operation: 'DeleteParameter',
    call: ({ ssm }) => ssm.send(new DeleteParameterCommand({ Name })),
    answer: { $metadata: { httpStatusCode: 200 } },
  },
  {
    operation: 'DescribeInstanceInformation',
    call: ({ ssm }, emulator) =>
      ssm.send(
        new DescribeInstanceInformationCommand({
          Filters: [{ Key: 'InstanceIds', Values: [nodeOf(emulator)] }],
        }),
      ),
    answer: { InstanceInformationList: [{ PingStatus: 'Online', PlatformType: 'Linux' }] },
  },
  {
    operation: 'SendCommand',
    call: ({ ssm }, emulator) => send(ssm, emulator),
    answer: { Command: { Status: 'Pending', Parameters: { Word: ['hello'] }, RequestedDateTime: date } },
  },
  {
    operation: 'GetCommandInvocation',
    call: async ({ ssm }, emulator) => {
      const agent = { ping: 'Online', version: '3.3.3572.0', delivery: 'undeliverable' } as const;
      emulator.aws.world.ssm.setAgent(nodeOf(emulator), agent);
      const { Command } = await send(ssm, emulator);
      emulator.clock.pass(5);
      const where = { CommandId: Command?.CommandId, InstanceId: nodeOf(emulator) };
      return ssm.send(new GetCommandInvocationCommand(where));
    },
    answer: { Status: 'Failed', StatusDetails: 'Undeliverable', ResponseCode: -1 },
  },
  {
    operation: 'CancelCommand',
    call: async ({ ssm }, emulator) => {
      const { Command } = await send(ssm, emulator);
      return ssm.send(new CancelCommandCommand({ CommandId: Command?.CommandId }));
    },
    answer: { $metadata: { httpStatusCode: 200 } },
  },
];
