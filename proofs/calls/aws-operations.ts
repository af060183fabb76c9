/**
 * Where the AWS command line says something else than IAM. Names are those of the command line; an operation
 * that is not listed has the IAM action of the same name.
 *
 * @see https://docs.aws.amazon.com/cli/latest/reference/
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */

/** IAM prefix of a service whose command has another name. */
export const IAM_PREFIX: Readonly<Record<string, string>> = {
  'application-autoscaling': 'application-autoscaling',
  deploy: 'codedeploy',
  efs: 'elasticfilesystem',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  emr: 'elasticmapreduce',
  s3api: 's3',
  'sagemaker-runtime': 'sagemaker',
  'service-quotas': 'servicequotas',
  stepfunctions: 'states',
};

/** IAM actions of operations with another name, or with none. */
export const OPERATIONS: Readonly<Record<string, readonly string[]>> = {
  // Anybody may ask who they are; IAM refuses it to nobody.
  'sts get-caller-identity': [],
  'ecr get-login-password': ['ecr:GetAuthorizationToken'],
  'eks update-kubeconfig': ['eks:DescribeCluster'],
  'lambda invoke': ['lambda:InvokeFunction'],
  'logs tail': ['logs:FilterLogEvents'],
  's3 ls': ['s3:ListBucket'],
  's3 presign': [],
  's3 mb': ['s3:CreateBucket'],
  's3 rb': ['s3:DeleteBucket'],
  's3 rm': ['s3:DeleteObject'],
  's3api complete-multipart-upload': ['s3:PutObject'],
  's3api create-multipart-upload': ['s3:PutObject'],
  's3api delete-objects': ['s3:DeleteObject'],
  's3api head-bucket': ['s3:ListBucket'],
  's3api head-object': ['s3:GetObject'],
  's3api list-buckets': ['s3:ListAllMyBuckets'],
  's3api list-multipart-uploads': ['s3:ListBucketMultipartUploads'],
  's3api list-object-versions': ['s3:ListBucketVersions'],
  's3api list-objects': ['s3:ListBucket'],
  's3api list-objects-v2': ['s3:ListBucket'],
  's3api list-parts': ['s3:ListMultipartUploadParts'],
  's3api upload-part': ['s3:PutObject'],
  'cloudformation wait': ['cloudformation:DescribeStacks'],
  'ecr wait image-scan-complete': ['ecr:DescribeImageScanFindings'],
  'ecs wait services-inactive': ['ecs:DescribeServices'],
  'ecs wait services-stable': ['ecs:DescribeServices'],
  'ecs wait tasks-running': ['ecs:DescribeTasks'],
  'ecs wait tasks-stopped': ['ecs:DescribeTasks'],
  'sagemaker wait endpoint-in-service': ['sagemaker:DescribeEndpoint'],
  'ssm wait command-executed': ['ssm:GetCommandInvocation'],
};

/** What else an operation needs, besides the action of its own name. */
export const ALSO_NEEDS: Readonly<Record<string, string>> = {
  'cloudformation deploy': 'the change set and everything in the template',
  'cloudformation package': 'uploads to a bucket',
  'ecs deploy': 'several calls to ECS and CodeDeploy',
  'ecs execute-command': 'a session of Systems Manager',
  'ssm start-session': 'a session document, and the plugin',
};

/** Options that the command line itself reads; they take a value. */
export const GLOBAL_OPTIONS: ReadonlySet<string> = new Set([
  '--ca-bundle',
  '--cli-binary-format',
  '--cli-connect-timeout',
  '--cli-read-timeout',
  '--color',
  '--endpoint-url',
  '--output',
  '--profile',
  '--query',
  '--region',
]);

/** Options that are switches wherever they stand. */
export const SWITCHES: ReadonlySet<string> = new Set([
  '--cli-auto-prompt',
  '--debug',
  '--no-cli-auto-prompt',
  '--no-cli-pager',
  '--no-paginate',
  '--no-sign-request',
  '--no-verify-ssl',
]);
