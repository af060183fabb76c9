import type { Fault, ImageEntry, TargetEntry } from '../../contract';
import type { TemplateRole } from '../artefacts';
import type { EndpointSpec } from './endpoint-spec';
import { textsIn } from './text';

/**
 * ARNs in the policies of an endpoint's execution role: they must be those of this endpoint, its models, its image,
 * its logs and its alarms. A name of another one would show when SageMaker makes the first instance.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
 */
export function executionRoleFaults(
  role: TemplateRole,
  { account, region }: TargetEntry,
  { endpoint, modelBucket, alarms, dataCapture }: EndpointSpec,
  image: ImageEntry | undefined,
): readonly Fault[] {
  const logs = `arn:aws:logs:${region}:${account}:log-group:/aws/sagemaker/Endpoints/${endpoint}`;
  const needed = [
    `arn:aws:s3:::${modelBucket}/*`,
    logs,
    ...alarms.map((alarm) => `arn:aws:cloudwatch:${region}:${account}:alarm:${alarm}`),
    ...(image ? [repositoryArn(image)] : []),
    ...(dataCapture ? [`arn:aws:s3:::${dataCapture.bucketUri.replace(/^s3:\/\//, '')}/*`] : []),
  ];
  const harmless = [`arn:aws:s3:::${modelBucket}`, `${logs}:*`];
  const named = new Set(
    role.policies
      .flatMap(({ document }) => textsIn(document))
      .map(({ text }) => text)
      .filter((text) => text.startsWith('arn:')),
  );
  const missing = needed.filter((arn) => !named.has(arn)).map((arn) => `nothing about ${arn}`);
  const foreign = [...named].filter((arn) => !needed.includes(arn) && !harmless.includes(arn));
  return [...missing, ...foreign].map((value) => ({
    place: `${role.place}, policies of ${role.name}`,
    value,
    allowed: `exactly what the endpoint ${endpoint} needs: ${needed.join(', ')}`,
    change: 'name what belongs to the endpoint',
  }));
}

const repositoryArn = ({ repository }: ImageEntry): string =>
  `arn:aws:ecr:${repository.region}:${repository.account}:repository/${repository.name}`;
