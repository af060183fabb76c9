import type { AwsCall, Verb } from '../../contract';
import { type K3sNodeSpec, NODE_TAG } from './spec';

/** Account and region that the ARNs of the calls are made of. */
export interface Location {
  readonly account: string;
  readonly region: string;
}

/**
 * What each verb calls. Resource types and condition keys follow the service authorization reference.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
export function k3sNodeCalls(spec: K3sNodeSpec, { account, region }: Location): Record<Verb, AwsCall[]> {
  const nothingNarrower = 'IAM offers no resource type for it';
  const find: AwsCall[] = [
    {
      action: 'ec2:DescribeInstances',
      resources: ['*'],
      because: nothingNarrower,
      context: { 'ec2:Region': region },
    },
    { action: 'ssm:DescribeInstanceInformation', resources: ['*'], because: nothingNarrower },
  ];
  const command: AwsCall[] = [
    // IAM is asked about the document and about the instance, and each must be allowed.
    { action: 'ssm:SendCommand', resources: [`arn:aws:ssm:${region}:${account}:document/${spec.document}`] },
    {
      action: 'ssm:SendCommand',
      resources: [`arn:aws:ec2:${region}:${account}:instance/*`],
      because: 'EC2 chooses the id of an instance; its tag, which names the target, bounds it',
      context: { [`ssm:resourceTag/${NODE_TAG}`]: spec.nodeTag },
    },
    { action: 'ssm:GetCommandInvocation', resources: ['*'], because: nothingNarrower },
    { action: 'ssm:CancelCommand', resources: ['*'], because: nothingNarrower },
  ];
  const objects: AwsCall[] = ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'].map((action) => ({
    action,
    resources: [`arn:aws:s3:::${spec.bucket}/runs/*`],
    because: 'each run has a prefix of its own below `runs/`; the bucket is named',
  }));
  const parameter = `arn:aws:ssm:${region}:${account}:parameter${spec.parameters.released}`;
  const releases: AwsCall = { action: 'ssm:GetParameterHistory', resources: [parameter] };
  const record: AwsCall = { action: 'ssm:PutParameter', resources: [parameter] };
  const run = [...find, ...command, ...objects];
  return {
    deploy: run,
    wait: run,
    rollback: [...run, releases],
    // A release is named by its content, not by one of its images.
    recall: [],
    diagnose: run,
    verify: [...run, releases],
    confirm: [...run, releases, record],
    // It sends no command: who may only look changes nothing.
    status: [...find, releases],
  };
}
