import type { EcrImage, TargetEntry } from '../../contract';
import { repositoryArn } from './ecr-images';
import type { EndpointSpec } from './endpoint-spec';
import { exactly, type Need } from './need';
import { CHOSEN_BY_AWS } from './role-review';

/** Namespace in which SageMaker counts for the containers of an endpoint. */
const METRICS = '/aws/sagemaker/Endpoints';

/**
 * What the execution role of an endpoint is for: image, model, logs, metrics, alarms of an update, captured data.
 *
 * @param images none where the manifest has none for the target, which is found elsewhere
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export function needsOf(
  { account, region }: TargetEntry,
  { endpoint, modelBucket, alarms, dataCapture }: EndpointSpec,
  images: readonly EcrImage[],
): readonly Need[] {
  const logs = `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/Endpoints/${endpoint}`;
  const objects = (bucket: string, actions: readonly string[]): Need => ({
    actions,
    called: [`arn:aws:s3:::${bucket}/${CHOSEN_BY_AWS}`],
    granted: [`arn:aws:s3:::${bucket}/*`],
  });
  return [
    exactly(['ecr:GetAuthorizationToken'], ['*']),
    ...images.map((image) =>
      exactly(
        ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        [repositoryArn(image)],
      ),
    ),
    objects(modelBucket, ['s3:GetObject']),
    exactly(['s3:ListBucket'], [`arn:aws:s3:::${modelBucket}`]),
    {
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
      ],
      called: [`${logs}:log-stream:${CHOSEN_BY_AWS}`],
      granted: [logs, `${logs}:*`],
    },
    {
      ...exactly(['cloudwatch:PutMetricData'], ['*']),
      tested: { key: 'cloudwatch:namespace', value: METRICS },
    },
    exactly(
      ['cloudwatch:DescribeAlarms'],
      alarms.map((alarm) => `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}`),
    ),
    ...(dataCapture ? [objects(dataCapture.bucketUri.replace(/^s3:\/\//, ''), ['s3:PutObject'])] : []),
  ];
}
