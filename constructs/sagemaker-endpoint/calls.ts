import type { AwsCall, Verb } from '../../contract';
import { logGroupOf, type SagemakerEndpointSpec } from './spec';

/** As many characters as the hash in a name has: with `*` a role would reach names that go on after its prefix. */
const HASH = '?'.repeat(12);

/** Account and region that the ARNs of the calls are made of. */
export interface Location {
  readonly account: string;
  readonly region: string;
}

/**
 * What each verb calls. Resource types and condition keys follow the service authorization reference.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsagemaker.html
 */
export function sagemakerEndpointCalls(
  spec: SagemakerEndpointSpec,
  { account, region }: Location,
): Record<Verb, AwsCall[]> {
  const sagemaker = (resource: string) => `arn:aws:sagemaker:${region}:${account}:${resource}`;
  const parameter = (name: string) => `arn:aws:ssm:${region}:${account}:parameter${name}`;
  const endpoint = sagemaker(`endpoint/${spec.endpoint}`);
  const configs = sagemaker(`endpoint-config/${spec.namePrefix}-${HASH}`);
  const models = sagemaker(`model/${spec.namePrefix}-${HASH}`);
  const because = 'the last part is a hash of what is released; what stands before it is named';
  const { declaredSettings, releasedConfig, releasedImage, releasedModel } = spec.parameters;
  const released = [releasedConfig, releasedImage, releasedModel].map(parameter);

  const describeEndpoint: AwsCall = { action: 'sagemaker:DescribeEndpoint', resources: [endpoint] };
  const describeVersion: AwsCall[] = [
    { action: 'sagemaker:DescribeEndpointConfig', resources: [configs], because },
    { action: 'sagemaker:DescribeModel', resources: [models], because },
  ];
  const readRelease: AwsCall = {
    action: 'ssm:GetParameters',
    resources: [parameter(declaredSettings), ...released],
  };
  const releases: AwsCall = { action: 'ssm:GetParameterHistory', resources: [parameter(releasedConfig)] };
  const record: AwsCall = { action: 'ssm:PutParameter', resources: released };
  const findModel: AwsCall[] = [
    {
      action: 's3:GetObject',
      resources: [`arn:aws:s3:::${spec.modelBucket}/*`],
      because: 'the training chooses the key of a model; the bucket is named',
    },
    // Without it, S3 answers to a missing key as to one that is forbidden.
    { action: 's3:ListBucket', resources: [`arn:aws:s3:::${spec.modelBucket}`] },
  ];
  const create: AwsCall[] = [
    { action: 'sagemaker:CreateModel', resources: [models], because },
    {
      action: 'iam:PassRole',
      resources: [spec.executionRoleArn],
      context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
    },
    { action: 'sagemaker:CreateEndpointConfig', resources: [configs], because },
    { action: 'sagemaker:CreateEndpoint', resources: [endpoint, configs], because },
  ];
  const update: AwsCall = { action: 'sagemaker:UpdateEndpoint', resources: [endpoint, configs], because };
  const prune: AwsCall[] = [
    {
      action: 'sagemaker:ListEndpointConfigs',
      resources: ['*'],
      because: 'IAM offers no resource type for it',
    },
    { action: 'sagemaker:DeleteEndpointConfig', resources: [configs], because },
    { action: 'sagemaker:DeleteModel', resources: [models], because },
  ];
  const streams = `arn:aws:logs:${region}:${account}:log-group:${logGroupOf(spec.endpoint)}`;
  const logs: AwsCall[] = [
    {
      action: 'logs:DescribeLogStreams',
      resources: [`${streams}:*`],
      because: 'the ARN of a log group ends with `:*` where its streams are listed; the group is named',
    },
    {
      action: 'logs:GetLogEvents',
      resources: [`${streams}:log-stream:*`],
      because: 'a stream is named after an instance, whose id SageMaker chooses; the group is named',
    },
  ];
  const state: AwsCall[] = [describeEndpoint, ...describeVersion, readRelease];
  return {
    deploy: [...state, releases, ...findModel, ...create, update],
    wait: [describeEndpoint, ...describeVersion],
    // It creates no model and no config: whoever may only go back cannot bring in another image.
    rollback: [
      ...state,
      releases,
      ...findModel,
      update,
      // A first deployment that failed leaves an endpoint that allows nothing but its deletion.
      { action: 'sagemaker:DeleteEndpoint', resources: [endpoint] },
    ],
    recall: [],
    diagnose: [describeEndpoint, ...logs],
    verify: [...state, ...findModel, { action: 'sagemaker:InvokeEndpoint', resources: [endpoint] }],
    confirm: [...state, releases, record, ...prune],
    status: [...state, releases],
  };
}
