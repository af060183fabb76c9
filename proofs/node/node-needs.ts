import type { EcrImage } from '../../contract';
import { repositoryArn } from '../calls/ecr-images';
import { exactly, type Need } from '../calls/need';
import { CHOSEN_BY_AWS } from '../calls/role-review';
import type { NodeTarget } from './spec';

/** What the agent of Systems Manager calls about itself; IAM offers no resource for most of it. */
const AGENT = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];
/** What an agent calls besides where the newer channel is not to be had, and when it is asked for associations. */
const AGENT_ALSO = [
  'ec2messages:AcknowledgeMessage',
  'ec2messages:DeleteMessage',
  'ec2messages:FailMessage',
  'ec2messages:GetEndpoint',
  'ec2messages:GetMessages',
  'ec2messages:SendReply',
  'ssm:ListAssociations',
  'ssm:ListInstanceAssociations',
];

/**
 * What the role of a node is for: the agent that receives the document, the images of the workload, the objects of a run,
 * backups, and logs.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html
 */
export function needsOfNode({ target, spec }: NodeTarget, images: readonly EcrImage[]): readonly Need[] {
  const { account, region } = target;
  const bucket = `arn:aws:s3:::${spec.bucket}`;
  const logs = `arn:aws:logs:${region}:${account}:log-group:${spec.logGroup}`;
  const objects = (actions: readonly string[], ...prefixes: readonly string[]): Need => ({
    actions,
    called: prefixes.map((prefix) => `${bucket}/${prefix}/${CHOSEN_BY_AWS}`),
    granted: prefixes.map((prefix) => `${bucket}/${prefix}/*`),
  });
  return [
    exactly(AGENT, ['*']),
    { actions: AGENT_ALSO, called: [], granted: ['*'] },
    ...(images.length > 0 ? [exactly(['ecr:GetAuthorizationToken'], ['*'])] : []),
    ...images.map((image) =>
      exactly(
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        [repositoryArn(image)],
      ),
    ),
    objects(['s3:GetObject'], 'runs'),
    objects(['s3:PutObject'], 'runs', 'backups'),
    // A backup is put by parts.
    { actions: ['s3:AbortMultipartUpload'], called: [], granted: [`${bucket}/backups/*`] },
    {
      ...exactly(['s3:ListBucket'], [bucket]),
      tested: { key: 's3:prefix', value: `runs/${CHOSEN_BY_AWS}`, stranger: `backups/${CHOSEN_BY_AWS}` },
    },
    {
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      called: [`${logs}:log-stream:${CHOSEN_BY_AWS}`],
      granted: [logs, `${logs}:*`, `${logs}:log-stream:*`],
    },
    { actions: ['logs:DescribeLogStreams'], called: [], granted: [logs, `${logs}:*`] },
  ];
}
