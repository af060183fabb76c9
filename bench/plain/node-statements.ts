import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { REGION } from './settings';

export interface NodeNames {
  readonly account: string;
  /** Tag of the node, and name of its document. */
  readonly node: string;
  readonly bucket: string;
  readonly role: string;
  readonly logGroup: string;
  /** SSM parameter with the release that passed its checks last. */
  readonly releasedParameter: string;
}

/** Tag by which the pipeline finds a node and may reach it. */
export const NODE_TAG = 'lockstep:target';

interface Statements {
  readonly statements: PolicyStatement[];
  readonly wildcards: string[];
}

const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>) =>
  new PolicyStatement({ actions, resources, ...(conditions && { conditions }) });

/** What the node itself does: take commands, pull images, write logs, read and write the objects of a run. */
export function nodeStatements(
  { account, bucket, logGroup }: NodeNames,
  repositories: readonly string[],
): Statements {
  const objects = (prefix: string) => `arn:aws:s3:::${bucket}/${prefix}/*`;
  const streams = `arn:aws:logs:${REGION}:${account}:log-group:${logGroup}:*`;
  return {
    statements: [
      allow(
        [
          'ec2messages:AcknowledgeMessage',
          'ec2messages:DeleteMessage',
          'ec2messages:FailMessage',
          'ec2messages:GetEndpoint',
          'ec2messages:GetMessages',
          'ec2messages:SendReply',
          'ecr:GetAuthorizationToken',
          'ssm:UpdateInstanceInformation',
          'ssmmessages:CreateControlChannel',
          'ssmmessages:CreateDataChannel',
          'ssmmessages:OpenControlChannel',
          'ssmmessages:OpenDataChannel',
        ],
        ['*'],
      ),
      allow(
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        [...repositories],
      ),
      allow(['s3:GetObject', 's3:PutObject'], [objects('runs')]),
      allow(['s3:AbortMultipartUpload', 's3:PutObject'], [objects('backups')]),
      allow(['s3:ListBucket'], [`arn:aws:s3:::${bucket}`], { StringLike: { 's3:prefix': 'runs/*' } }),
      allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], [streams]),
    ],
    wildcards: ['*', objects('runs'), objects('backups'), streams],
  };
}

/** What a job needs that hands over manifests, sends the document, follows it and rolls back. */
export function nodeDeployStatements({ account, node, bucket, releasedParameter }: NodeNames): Statements {
  const instances = `arn:aws:ec2:${REGION}:${account}:instance/*`;
  const objects = `arn:aws:s3:::${bucket}/runs/*`;
  return {
    statements: [
      allow(['ec2:DescribeInstances'], ['*'], { StringEquals: { 'ec2:Region': REGION } }),
      allow(['ssm:CancelCommand', 'ssm:DescribeInstanceInformation', 'ssm:GetCommandInvocation'], ['*']),
      allow(['ssm:SendCommand'], [instances], { StringEquals: { [`ssm:resourceTag/${NODE_TAG}`]: node } }),
      allow(['ssm:SendCommand'], [`arn:aws:ssm:${REGION}:${account}:document/${node}`]),
      allow(['s3:DeleteObject', 's3:GetObject', 's3:PutObject'], [objects]),
      allow(
        ['ssm:GetParameterHistory', 'ssm:PutParameter'],
        [`arn:aws:ssm:${REGION}:${account}:parameter${releasedParameter}`],
      ),
    ],
    wildcards: ['*', instances, objects],
  };
}

/** What Data Lifecycle Manager needs for snapshots of a volume. */
export function snapshotStatements(): Statements {
  const volumes = 'arn:aws:ec2:*:*:volume/*';
  const snapshots = 'arn:aws:ec2:*::snapshot/*';
  return {
    statements: [
      allow(['ec2:DescribeInstances', 'ec2:DescribeSnapshots', 'ec2:DescribeVolumes'], ['*']),
      allow(['ec2:CreateSnapshot'], [volumes, snapshots]),
      allow(['ec2:DeleteSnapshot'], [snapshots], {
        StringLike: { 'aws:ResourceTag/aws:dlm:lifecycle-policy-id': '*' },
      }),
      allow(['ec2:CreateTags'], [snapshots], { StringEquals: { 'ec2:CreateAction': 'CreateSnapshot' } }),
    ],
    wildcards: ['*', volumes, snapshots],
  };
}
