import type { IncomingHttpHeaders } from 'node:http';
import type { Authorise } from '../raw-handler';
import { ApiFault, type AwsService, type Call, type Caller, type Input } from '../service';
import { layerBytes, receivedBytes } from './layers';
import { digestOf, isDigest } from './manifest';
import { tagTaken } from './put-image';
import { jsonAnswer, type RegistryAnswer } from './registry-answer';
import type { RegistryRoute, RepositoryPlace } from './registry-route';
import { type EcrHolder, isImmutable, repositoryNamed } from './repository';
import type { Repository } from './state';

/** The service, as the registry needs it: each request of the protocol is one or two of its operations. */
export type Registry = EcrHolder & Pick<AwsService, 'operations'>;

/** A request, and who makes it. */
export interface RegistryCall {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly caller: Caller;
  readonly now: number;
}

const unsupported = (method: string): ApiFault =>
  new ApiFault('Unsupported', `the rehearsed registry does not know this ${method}`, 405);

/** One request of a signed-in client. */
export class Conversation {
  constructor(
    private readonly ecr: Registry,
    private readonly authorise: Authorise,
    private readonly call: RegistryCall,
  ) {}

  answer(route: RegistryRoute): RegistryAnswer {
    const { method } = this.call;
    const is = (...methods: readonly string[]): boolean => methods.includes(method);
    if (route.kind === 'ping' && is('GET', 'HEAD')) return jsonAnswer(200, {});
    if (route.kind === 'blob' && is('GET', 'HEAD')) return this.blob(route, route.digest);
    if (route.kind === 'newUpload' && is('POST')) return this.start(route);
    if (route.kind === 'upload' && is('PATCH')) return this.part(route, route.uploadId);
    if (route.kind === 'upload' && is('PUT')) return this.finish(route, route.uploadId, route.digest);
    if (route.kind === 'manifest' && is('GET', 'HEAD')) return this.manifest(route, route.reference);
    if (route.kind === 'manifest' && is('PUT')) return this.putManifest(route, route.reference);
    if (route.kind === 'tags' && is('GET')) return this.tags(route);
    throw unsupported(method);
  }

  private blob(place: RepositoryPlace, digest: string): RegistryAnswer {
    this.ask(place, this.call.method === 'GET' ? 'GetDownloadUrlForLayer' : 'BatchCheckLayerAvailability');
    const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest };
    return { status: 200, headers, body: layerBytes(this.repository(place), digest) };
  }

  /** A blob is never mounted from another repository: the client is asked to upload it, as the protocol allows. */
  private start(place: RepositoryPlace): RegistryAnswer {
    const { uploadId } = this.ask(place, 'InitiateLayerUpload')({}) as { readonly uploadId: string };
    return { status: 202, headers: uploadHeaders(place, uploadId, 0) };
  }

  private part(place: RepositoryPlace, uploadId: string): RegistryAnswer {
    this.upload(place, uploadId);
    const received = receivedBytes(this.repository(place), uploadId);
    return { status: 202, headers: uploadHeaders(place, uploadId, received) };
  }

  private upload(place: RepositoryPlace, uploadId: string): void {
    const { body, headers } = this.call;
    const uploadPart = this.ask(place, 'UploadLayerPart');
    const next = receivedBytes(this.repository(place), uploadId);
    const [, start = next] = /^(?:bytes[ =])?(\d+)-/.exec(headers['content-range'] ?? '') ?? [];
    const first = Number(start);
    const range = { partFirstByte: first, partLastByte: first + body.length - 1, layerPartBlob: body };
    uploadPart({ uploadId, ...range });
  }

  private finish(place: RepositoryPlace, uploadId: string, digest: string | undefined): RegistryAnswer {
    if (this.call.body.length > 0) this.upload(place, uploadId);
    const complete = this.ask(place, 'CompleteLayerUpload');
    if (digest === undefined || !isDigest(digest)) {
      throw new ApiFault('InvalidLayerException', `digest: ${digest ?? 'missing'}`);
    }
    unless('LayerAlreadyExistsException', () => complete({ uploadId, layerDigests: [digest] }));
    const headers = { location: `${place.path}/blobs/${digest}`, 'docker-content-digest': digest };
    return { status: 201, headers };
  }

  private manifest(place: RepositoryPlace, reference: string): RegistryAnswer {
    const imageId = isDigest(reference) ? { imageDigest: reference } : { imageTag: reference };
    const acceptedMediaTypes = acceptedTypes(this.call.headers.accept);
    const { images } = this.ask(place, 'BatchGetImage')({ imageIds: [imageId], acceptedMediaTypes }) as {
      readonly images: readonly { readonly imageManifest: string; readonly imageManifestMediaType: string }[];
    };
    const [image] = images;
    if (!image) throw new ApiFault('ImageNotFoundException', 'Requested image not found');
    const digest = digestOf(image.imageManifest);
    const headers = { 'content-type': image.imageManifestMediaType, 'docker-content-digest': digest };
    return { status: 200, headers, body: Buffer.from(image.imageManifest) };
  }

  /**
   * Pushing the same bytes under the same tag again succeeds, except where the tag is immutable.
   *
   * @see https://github.com/aws/containers-roadmap/issues/2179
   */
  private putManifest(place: RepositoryPlace, reference: string): RegistryAnswer {
    const { body, headers } = this.call;
    const put = this.ask(place, 'PutImage');
    const repository = this.repository(place);
    const imageManifest = body.toString();
    const digest = digestOf(imageManifest);
    if (repository.tags.get(reference) === digest && isImmutable(repository, reference)) {
      throw tagTaken(repository, reference);
    }
    const [imageManifestMediaType] = (headers['content-type'] ?? '').split(';');
    const named = isDigest(reference) ? { imageDigest: reference } : { imageTag: reference };
    const pushed = { imageManifest, ...(imageManifestMediaType && { imageManifestMediaType }), ...named };
    unless('ImageAlreadyExistsException', () => put(pushed));
    return {
      status: 201,
      headers: { location: `${place.path}/manifests/${digest}`, 'docker-content-digest': digest },
    };
  }

  private tags(place: RepositoryPlace): RegistryAnswer {
    this.ask(place, 'ListImages');
    return jsonAnswer(200, { name: place.name, tags: [...this.repository(place).tags.keys()].sort() });
  }

  private repository({ registry, region, name }: RepositoryPlace): Repository {
    return repositoryNamed(this.ecr, registry, region, name);
  }

  /**
   * Asks IAM for an operation on the repository.
   *
   * @returns what performs it
   */
  private ask(place: RepositoryPlace, name: string): (input: Input) => object {
    const operation = this.ecr.operations[name];
    if (!operation) throw unsupported(name);
    const { caller, now } = this.call;
    const { registry: registryId, region, name: repositoryName } = place;
    const call: Call = { caller, account: caller.account, region, now };
    const where = { registryId, repositoryName };
    this.authorise(caller, region, operation.questions(where, call));
    return (input) => operation.handle({ ...input, ...where }, call);
  }
}

/** Does something; an exception after which things are as the client wants them does not count. */
function unless(harmless: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ApiFault && error.type === harmless)) throw error;
  }
}

function uploadHeaders(
  place: RepositoryPlace,
  uploadId: string,
  received: number,
): Readonly<Record<string, string>> {
  return {
    location: `${place.path}/blobs/uploads/${uploadId}`,
    range: `0-${Math.max(0, received - 1)}`,
    'docker-upload-uuid': uploadId,
  };
}

/** Media types of an `Accept` header; every type that ECR knows where it names none. */
function acceptedTypes(accept: string | undefined): readonly string[] {
  const types = (accept ?? '*/*').split(',').map((type) => type.split(';')[0]?.trim() ?? '');
  if (!types.includes('*/*')) return types;
  const kinds = [
    'vnd.oci.image.index.v1',
    'vnd.oci.image.manifest.v1',
    'vnd.docker.distribution.manifest.v2',
  ];
  return [...types, ...kinds.map((kind) => `application/${kind}+json`)];
}
