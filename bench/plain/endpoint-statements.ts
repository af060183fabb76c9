import { PolicyStatement } from 'aws-cdk-lib/aws-iam';

export interface EndpointNames {
  readonly account: string;
  readonly region: string;
  readonly endpoint: string;
  readonly executionRole: string;
  readonly modelBucket: string;
  /** Beginning of the names of the endpoint's SSM parameters. */
  readonly parameters: string;
}

interface Statements {
  readonly statements: PolicyStatement[];
  readonly wildcards: string[];
}

const allow = (actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>) =>
  new PolicyStatement({ actions, resources, ...(conditions && { conditions }) });

/** What a job needs that deploys an endpoint, waits for it, rolls it back and reads its logs. */
export function endpointStatements(names: EndpointNames): Statements {
  const { account, region, endpoint, modelBucket } = names;
  const sagemaker = (resource: string) => `arn:aws:sagemaker:${region}:${account}:${resource}`;
  const parameter = (name: string) => `arn:aws:ssm:${region}:${account}:parameter${names.parameters}/${name}`;
  const released = ['released-config', 'released-image', 'released-model'].map(parameter);
  const configs = sagemaker(`endpoint-config/${endpoint}-*`);
  const models = sagemaker(`model/${endpoint}-*`);
  const objects = `arn:aws:s3:::${modelBucket}/*`;
  const group = `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/Endpoints/${endpoint}`;
  return {
    statements: [
      allow(
        ['sagemaker:DeleteEndpoint', 'sagemaker:DescribeEndpoint', 'sagemaker:InvokeEndpoint'],
        [sagemaker(`endpoint/${endpoint}`)],
      ),
      allow(
        ['sagemaker:CreateEndpoint', 'sagemaker:UpdateEndpoint'],
        [sagemaker(`endpoint/${endpoint}`), configs],
      ),
      allow(
        [
          'sagemaker:CreateEndpointConfig',
          'sagemaker:DeleteEndpointConfig',
          'sagemaker:DescribeEndpointConfig',
        ],
        [configs],
      ),
      allow(['sagemaker:CreateModel', 'sagemaker:DeleteModel', 'sagemaker:DescribeModel'], [models]),
      allow(['sagemaker:ListEndpointConfigs'], ['*']),
      allow(['iam:PassRole'], [`arn:aws:iam::${account}:role/${names.executionRole}`], {
        StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
      }),
      allow(['s3:GetObject'], [objects]),
      allow(['s3:ListBucket'], [`arn:aws:s3:::${modelBucket}`]),
      allow(['logs:DescribeLogStreams'], [`${group}:*`]),
      allow(['logs:GetLogEvents'], [`${group}:log-stream:*`]),
      allow(['ssm:GetParameters'], [parameter('declared-settings'), ...released]),
      allow(['ssm:GetParameterHistory'], [parameter('released-config')]),
      allow(['ssm:PutParameter'], released),
    ],
    wildcards: ['*', configs, models, objects, `${group}:*`, `${group}:log-stream:*`],
  };
}

/** What a job needs that looks at the stacks of an endpoint. */
export function inspectStatements({ account, region, endpoint }: EndpointNames): Statements {
  const stacks = [endpoint, `${endpoint}-state`].map(
    (stack) => `arn:aws:cloudformation:${region}:${account}:stack/${stack}/*`,
  );
  return { statements: [allow(['cloudformation:GetTemplate'], stacks)], wildcards: stacks };
}
