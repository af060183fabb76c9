import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
} from '@aws-sdk/client-ec2';
import { ACCOUNT } from '../emulator';
import type { ContractRow } from '../row';

export const EC2: readonly ContractRow[] = [
  {
    operation: 'DescribeVpcs',
    call: ({ ec2 }) => ec2.send(new DescribeVpcsCommand({})),
    answer: { Vpcs: [{ CidrBlock: '10.0.0.0/16', OwnerId: ACCOUNT }] },
  },
  {
    operation: 'DescribeSubnets',
    call: ({ ec2 }) =>
      ec2.send(
        new DescribeSubnetsCommand({ Filters: [{ Name: 'tag:Name', Values: ['subnet b', 'other'] }] }),
      ),
    answer: { Subnets: [{ CidrBlock: '10.0.1.0/24', Tags: [{ Key: 'Name', Value: 'subnet b' }] }] },
  },
  {
    operation: 'DescribeSubnets',
    call: ({ ec2 }) => ec2.send(new DescribeSubnetsCommand({ MaxResults: 10 })),
    answer: { Subnets: [{ CidrBlock: '10.0.0.0/24' }], NextToken: '1' },
  },
  {
    operation: 'DescribeSecurityGroups',
    call: ({ ec2 }) => ec2.send(new DescribeSecurityGroupsCommand({})),
    answer: { SecurityGroups: [{ Description: 'A & B < "C"' }] },
  },
  {
    operation: 'DescribeInstances',
    call: ({ ec2 }) =>
      ec2.send(
        new DescribeInstancesCommand({
          Filters: [
            { Name: 'instance-type', Values: ['g4dn.xlarge'] },
            { Name: 'instance-state-name', Values: ['running'] },
          ],
        }),
      ),
    answer: { Reservations: [{ Instances: [{ InstanceType: 'g4dn.xlarge', State: { Name: 'running' } }] }] },
  },
];
