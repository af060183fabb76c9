import { Validations } from 'aws-cdk-lib';
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

export interface NodeRoleProps {
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly logGroup: string;
  /** ECR repositories that the node pulls from. */
  readonly repositoryArns: readonly string[];
}

/**
 * What the node itself does: its SSM agent takes commands, its kubelet pulls the images of the workload, its log agent
 * writes, and the document's script reads the manifests of a run and writes what came of it. Pods are kept from it by
 * the hop limit of the metadata service.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonmessagegatewayservice.html
 */
export function nodeRole(scope: Construct, id: string, props: NodeRoleProps): IRole {
  const { account, region, bucket } = props;
  const logGroup = `arn:aws:logs:${region}:${account}:log-group:${props.logGroup}`;
  const objects = (prefix: string) => `arn:aws:s3:::${bucket}/${prefix}/*`;
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    inlinePolicies: {
      Node: new PolicyDocument({
        statements: [
          agentActions(),
          ...pullStatements(props.repositoryArns),
          allow(['s3:GetObject', 's3:PutObject'], [objects('runs')]),
          // A multipart upload is put by parts; what is left of one is removed.
          allow(['s3:PutObject', 's3:AbortMultipartUpload'], [objects('backups')]),
          allow(['s3:ListBucket'], [`arn:aws:s3:::${bucket}`], { StringLike: { 's3:prefix': 'runs/*' } }),
          allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'], [`${logGroup}:*`]),
        ],
      }),
    },
  });
  const reasons: readonly (readonly [string, string])[] = [
    ['*', 'IAM offers no resource type for the channels of the SSM agent and for the login to ECR'],
    [objects('runs'), 'Each run has a folder of its own; bucket and prefix are named'],
    [objects('backups'), 'Each backup has a key of its own; bucket and prefix are named'],
    [`${logGroup}:*`, 'The agents choose the names of streams; the group is named'],
  ];
  for (const [pattern, reason] of reasons) {
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${pattern}]`, reason });
  }
  // The CDK would add what it thinks that an instance needs.
  return role.withoutPolicyUpdates();
}

/** Run Command, and nothing of what the agent could do besides: no inventory, no associations, no parameters. */
const agentActions = (): PolicyStatement =>
  allow(
    [
      'ssm:UpdateInstanceInformation',
      'ssmmessages:CreateControlChannel',
      'ssmmessages:CreateDataChannel',
      'ssmmessages:OpenControlChannel',
      'ssmmessages:OpenDataChannel',
      'ec2messages:AcknowledgeMessage',
      'ec2messages:DeleteMessage',
      'ec2messages:FailMessage',
      'ec2messages:GetEndpoint',
      'ec2messages:GetMessages',
      'ec2messages:SendReply',
    ],
    ['*'],
  );

const pullStatements = (repositoryArns: readonly string[]): PolicyStatement[] =>
  repositoryArns.length === 0
    ? []
    : [
        allow(['ecr:GetAuthorizationToken'], ['*']),
        allow(
          ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
          [...repositoryArns],
        ),
      ];

const allow = (
  actions: string[],
  resources: string[],
  conditions?: Record<string, Record<string, string>>,
): PolicyStatement => new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) });
