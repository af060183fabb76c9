import type { ImageEntry, TargetEntry } from '../../contract';
import type { EndpointSpec } from './endpoint-spec';
import { CHOSEN_BY_AWS } from './role-review';

/** Calls that SageMaker makes in the name of an endpoint. */
export interface Need {
  readonly actions: readonly string[];
  /** Resources that it calls them on, with a name for what AWS chooses. */
  readonly called: readonly string[];
  /** Resources that a policy may name for it. */
  readonly granted: readonly string[];
  /** Key that the call carries and that the policy must test, because no resource narrows it. */
  readonly tested?: { readonly key: string; readonly value: string };
}

/** Namespace in which SageMaker counts for the containers of an endpoint. */
const METRICS = '/aws/sagemaker/Endpoints';

/**
 * What the execution role of an endpoint is for: image, model, logs, metrics, alarms of an update, captured data.
 *
 * @param image absent where the manifest has none for the target, which is found elsewhere
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html#sagemaker-roles-createmodel-perms
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
export function needsOf(
  { account, region }: TargetEntry,
  { endpoint, modelBucket, alarms, dataCapture }: EndpointSpec,
  image: ImageEntry | undefined,
): readonly Need[] {
  const logs = `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/Endpoints/${endpoint}`;
  const objects = (bucket: string, actions: readonly string[]): Need => ({
    actions,
    called: [`arn:aws:s3:::${bucket}/${CHOSEN_BY_AWS}`],
    granted: [`arn:aws:s3:::${bucket}/*`],
  });
  const exactly = (actions: readonly string[], resources: readonly string[]): Need => ({
    actions,
    called: resources,
    granted: resources,
  });
  return [
    exactly(['ecr:GetAuthorizationToken'], ['*']),
    ...(image
      ? [
          exactly(
            ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
            [repositoryArn(image)],
          ),
        ]
      : []),
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

const repositoryArn = ({ repository }: ImageEntry): string =>
  `arn:aws:ecr:${repository.region}:${repository.account}:repository/${repository.name}`;
