import { Validations } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { logGroupOf } from './spec';

export interface ExecutionRoleProps {
  readonly roleName: string;
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  /** Repository that the images are pulled from; it may lie in another account. */
  readonly repositoryArn: string;
  readonly modelBucket: string;
  readonly alarms: readonly string[];
  /** Where data is captured, such as `s3://bucket/prefix`. @default - nowhere */
  readonly captureUri?: string;
}

/**
 * What SageMaker does in the name of the endpoint: it reads the model, pulls the image, writes logs and metrics,
 * looks at the alarms of an update, and keeps captured data. The container has the same role, and gets at nothing
 * more.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html (DescribeAlarms)
 */
export function executionRole(scope: Construct, id: string, props: ExecutionRoleProps): Role {
  const { account, region, endpoint } = props;
  const logGroup = `arn:aws:logs:${region}:${account}:log-group:${logGroupOf(endpoint)}`;
  const objects = (bucketAndPrefix: string) => `arn:aws:s3:::${bucketAndPrefix}/*`;
  const allow = (
    actions: string[],
    resources: string[],
    conditions?: Record<string, Record<string, string>>,
  ) => new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) });
  const capture = props.captureUri?.replace(/^s3:\/\//, '');
  const role = new Role(scope, id, {
    roleName: props.roleName,
    description: `Model and container of the endpoint ${endpoint}`,
    assumedBy: new ServicePrincipal('sagemaker.amazonaws.com', {
      // @see https://docs.aws.amazon.com/sagemaker/latest/dg/security-confused-deputy-prevention.html
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
    inlinePolicies: {
      Endpoint: new PolicyDocument({
        statements: [
          allow(['ecr:GetAuthorizationToken'], ['*']),
          allow(
            ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            [props.repositoryArn],
          ),
          allow(['s3:GetObject'], [objects(props.modelBucket)]),
          // Without it, a model that is missing is told as one that is forbidden.
          allow(['s3:ListBucket'], [`arn:aws:s3:::${props.modelBucket}`]),
          allow(
            ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
            [logGroup, `${logGroup}:*`],
          ),
          allow(['cloudwatch:PutMetricData'], ['*'], {
            StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' },
          }),
          allow(
            ['cloudwatch:DescribeAlarms'],
            props.alarms.map((alarm) => `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}`),
          ),
          ...(capture === undefined ? [] : [allow(['s3:PutObject'], [objects(capture)])]),
        ],
      }),
    },
  });
  acknowledge(role, [
    [
      '*',
      'IAM offers no resource type for the login to ECR and for metrics; metrics are bound to one namespace',
    ],
    [objects(props.modelBucket), 'The training chooses the key of a model; the bucket is named'],
    [`${logGroup}:*`, 'SageMaker chooses the names of streams; the group is named'],
    ...(capture === undefined
      ? []
      : [
          [
            objects(capture),
            'SageMaker chooses the keys of captured data; bucket and prefix are named',
          ] as const,
        ]),
  ]);
  return role;
}

function acknowledge(role: Role, reasons: readonly (readonly [string, string])[]): void {
  for (const [pattern, reason] of reasons) {
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${pattern}]`, reason });
  }
}
