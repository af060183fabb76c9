import type { ContainerDefinition, CreateModelInput } from '@aws-sdk/client-sagemaker';
import type { Place } from '../place';
import { ApiFault } from '../service';
import type { Moment } from './moment';
import { invalid } from './names';
import type { Obstacle } from './ports';
import type { VariantState } from './state';

/** What instances fetch for a model, and with which role. */
export type Fetched = Pick<VariantState, 'image' | 'artifact' | 'executionRole'>;

/** @throws ApiFault `ValidationException`, or `NotImplemented` for a model of another form */
export function fetchedBy({
  PrimaryContainer: container,
  ExecutionRoleArn: executionRole,
}: CreateModelInput): Fetched {
  if (!container?.Image) throw notModelled('a model without PrimaryContainer.Image');
  if (executionRole === undefined) throw notModelled('a model without ExecutionRoleArn');
  const artifact = artifactOf(container);
  return { image: container.Image, executionRole, ...(artifact !== undefined && { artifact }) };
}

function artifactOf({ ModelDataUrl, ModelDataSource }: ContainerDefinition): string | undefined {
  if (!ModelDataSource) return ModelDataUrl === undefined ? undefined : archive(ModelDataUrl);
  const { S3Uri, S3DataType, CompressionType } = ModelDataSource.S3DataSource ?? {};
  if (S3DataType !== 'S3Object' || CompressionType !== 'Gzip') {
    throw notModelled('a ModelDataSource that is no compressed object');
  }
  return archive(S3Uri ?? '');
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-inference-code.html */
function archive(url: string): string {
  if (/^s3:\/\/[^/]+\/.+\.tar\.gz$/.test(url)) return url;
  throw invalid(`Model data must be an s3:// URL of a .tar.gz file, got ${url}`);
}

const notModelled = (what: string): ApiFault =>
  new ApiFault('NotImplemented', `the rehearsal does not model ${what}`, 501);

/** Why a model cannot be fetched. */
export type FetchFault = { readonly kind: 'image' | 'artifact'; readonly obstacle: Obstacle };

/** The image, then the artifact. Undefined where both are to be had. */
export function fetchFault({ ports }: Moment, place: Place, model: Fetched): FetchFault | undefined {
  const image = ports.sources.image(model.image, model.executionRole);
  if (typeof image === 'string') return { kind: 'image', obstacle: image };
  if (model.artifact === undefined) return undefined;
  const artifact = ports.sources.artifact(model.artifact, model.executionRole, place);
  return artifact === 'there' ? undefined : { kind: 'artifact', obstacle: artifact };
}

/** What `CreateModel` says, which looks for image and artifact as the instances will. */
export function refusalOf({ kind, obstacle }: FetchFault, { region }: Place, model: Fetched): string {
  const { artifact = '', executionRole } = model;
  if (kind === 'image') return imageFault(obstacle, model);
  if (obstacle === 'missing') return `Could not find model data at ${artifact}.`;
  const trust = `that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com"`;
  const access = `Also ensure that the role has "s3:GetObject" permissions and that the object is located in ${region}.`;
  return `Could not access model data at ${artifact}. Please ensure that the role "${executionRole}" exists and ${trust}. ${access}`;
}

/** What `FailureReason` says of a fleet whose instances could not fetch it. */
export function fetchFailure({ kind, obstacle }: FetchFault, model: Fetched): string {
  if (kind === 'image') return imageFault(obstacle, model);
  const advice =
    'Please ensure that there is an object located at the URL and that the role passed to CreateModel has permissions to download the object.';
  return `Failed to download model data for container "container_1" from URL: "${model.artifact ?? ''}". ${advice}`;
}

const imageFault = (obstacle: Obstacle, { image, executionRole }: Fetched): string =>
  obstacle === 'missing'
    ? `Requested image ${image} not found.`
    : `Role "${executionRole}" cannot pull ${image}. Ensure that the role exists and the image was granted pull permission.`;
