import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParameterHistoryCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
} from '@aws-sdk/client-ssm';
import type { ContractRow } from '../row';
import { parameterArn } from '../tested-account';

const Name = '/app/released';
const date = expect.any(Date) as unknown;

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
];
