import { bytesOf } from '../modelled-members';
import { ApiFault, type Call, type Input, type Operation, limited, stringOf, stringsOf } from '../service';
import { digestOf } from './manifest';
import { asks, type EcrHolder, repositoryOf } from './repository';
import type { Repository, Upload } from './state';

const API = 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_';

/** Bytes. */
const PART_SIZE = 20 * 1024 * 1024;
/** Bytes. Only the last part may be smaller. */
const SMALLEST_PART = 5 * 1024 * 1024;

const HOUR_MS = 3_600_000;

/**
 * Layers of a repository: uploaded in parts, checked by digest, offered for download.
 *
 * @param endpoint base URL of the emulated AWS
 */
export function layerOperations(
  ecr: EcrHolder,
  endpoint: (() => string) | undefined,
): Readonly<Record<string, Operation>> {
  const operation = (name: string, handle: Operation['handle']): Operation => ({
    source: `${API}${name}.html`,
    questions: asks(ecr, name),
    handle,
  });
  return {
    InitiateLayerUpload: operation('InitiateLayerUpload', (input, call) => {
      const uploadId = `upload-${++ecr.state.lastId}`;
      repositoryOf(ecr, input, call).uploads.set(uploadId, { startedAt: call.now, parts: [] });
      return { uploadId, partSize: PART_SIZE };
    }),
    UploadLayerPart: operation('UploadLayerPart', (input, call) => uploadPart(ecr, input, call)),
    CompleteLayerUpload: operation('CompleteLayerUpload', (input, call) => complete(ecr, input, call)),
    BatchCheckLayerAvailability: operation('BatchCheckLayerAvailability', (input, call) => {
      const { layers } = repositoryOf(ecr, input, call);
      const digests = limited(input, 'layerDigests', 100);
      return {
        layers: digests.map((layerDigest) => availability(layerDigest, layers.get(layerDigest))),
        failures: [],
      };
    }),
    GetDownloadUrlForLayer: operation('GetDownloadUrlForLayer', (input, call) => {
      if (!endpoint) throw new ApiFault('NotImplemented', 'nobody serves layers at a URL here', 501);
      const repository = repositoryOf(ecr, input, call);
      const layerDigest = stringOf(input, 'layerDigest');
      layerBytes(repository, layerDigest);
      const ticket = `layer-${++ecr.state.lastId}`;
      const download = { repositoryArn: repository.arn, digest: layerDigest, expiresAt: call.now + HOUR_MS };
      ecr.state.downloads.set(ticket, download);
      return { layerDigest, downloadUrl: `${endpoint()}/v2/layers/${ticket}` };
    }),
  };
}

function availability(layerDigest: string, content: string | undefined): object {
  if (content === undefined) return { layerDigest, layerAvailability: 'UNAVAILABLE' };
  const layerSize = Buffer.byteLength(content, 'base64');
  return { layerDigest, layerAvailability: 'AVAILABLE', layerSize };
}

/**
 * @throws ApiFault `LayersNotFoundException`
 */
export function layerBytes(repository: Repository, digest: string): Buffer {
  const content = repository.layers.get(digest);
  if (content !== undefined) return Buffer.from(content, 'base64');
  const { name, account } = repository;
  throw new ApiFault(
    'LayersNotFoundException',
    `The layer with digest '${digest}' does not exist in the repository with name '${name}' in the registry with id '${account}'`,
  );
}

const sizeOf = ({ parts }: Upload): number =>
  parts.reduce((size, part) => size + Buffer.byteLength(part, 'base64'), 0);

function uploadOf(repository: Repository, uploadId: string): Upload {
  const upload = repository.uploads.get(uploadId);
  if (upload) return upload;
  throw new ApiFault('UploadNotFoundException', `The upload with id '${uploadId}' does not exist`);
}

/** Bytes of an upload that have arrived. */
export const receivedBytes = (repository: Repository, uploadId: string): number =>
  sizeOf(uploadOf(repository, uploadId));

function uploadPart(ecr: EcrHolder, input: Input, call: Call): object {
  const repository = repositoryOf(ecr, input, call);
  const uploadId = stringOf(input, 'uploadId');
  const upload = uploadOf(repository, uploadId);
  const bytes = bytesOf(input, 'layerPartBlob');
  const [first, last, next] = [Number(input.partFirstByte), Number(input.partLastByte), sizeOf(upload)];
  if (first !== next || last !== first + bytes.length - 1) {
    const sent = `bytes ${first} to ${last}, ${bytes.length} in all`;
    throw new ApiFault('InvalidLayerPartException', `The next byte is ${next}; the part has ${sent}`);
  }
  upload.parts.push(bytes.toString('base64'));
  return {
    registryId: repository.account,
    repositoryName: repository.name,
    uploadId,
    lastByteReceived: last,
  };
}

function complete(ecr: EcrHolder, input: Input, call: Call): object {
  const repository = repositoryOf(ecr, input, call);
  const { account, name, layers, uploads } = repository;
  const uploadId = stringOf(input, 'uploadId');
  const { parts } = uploadOf(repository, uploadId);
  const blobs = parts.map((part) => Buffer.from(part, 'base64'));
  if (blobs.length === 0) throw new ApiFault('EmptyUploadException', 'The upload holds no parts');
  if (blobs.slice(0, -1).some(({ length }) => length < SMALLEST_PART)) {
    throw new ApiFault(
      'LayerPartTooSmallException',
      `A part but the last has less than ${SMALLEST_PART} bytes`,
    );
  }
  const bytes = Buffer.concat(blobs);
  const layerDigest = digestOf(bytes);
  if (!stringsOf(input, 'layerDigests').includes(layerDigest)) {
    throw new ApiFault('InvalidLayerException', `The digest of the bytes that arrived is ${layerDigest}`);
  }
  uploads.delete(uploadId);
  if (layers.has(layerDigest)) {
    throw new ApiFault(
      'LayerAlreadyExistsException',
      `The layer ${layerDigest} is in the repository already`,
    );
  }
  layers.set(layerDigest, bytes.toString('base64'));
  return { registryId: account, repositoryName: name, uploadId, layerDigest };
}
