import { createHash } from 'node:crypto';
import { z } from 'zod';
import { messageOf } from '../message-of';
import type { ImageName } from './image-name';
import { type Answer, loopbackRequest, type Request } from './loopback-request';

/** Manifests that the client understands. */
const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const errorsSchema = z.looseObject({
  errors: z.array(z.looseObject({ code: z.string(), message: z.string().optional() })).min(1),
});

/** Something that a registry keeps: a config, a layer or a manifest. */
export interface Content {
  readonly mediaType: string;
  readonly bytes: Buffer;
  /** `sha256:` and 64 hex digits. */
  readonly digest: string;
}

export function content(mediaType: string, data: string | Buffer): Content {
  const bytes = Buffer.from(data);
  return { mediaType, bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

/** What a registry refused, as containerd words it. */
export class RegistryFault extends Error {}

/**
 * One repository of a registry, spoken to with the Docker registry protocol. The address of the registry becomes
 * part of the path, since its own host is not on this machine.
 *
 * @see https://distribution.github.io/distribution/spec/api/
 */
export class RegistryClient {
  private readonly authorization: Readonly<Record<string, string>>;

  /**
   * @param endpoint base address of the emulated AWS
   * @param auth user and password in Base64. @default - nobody signs in
   */
  constructor(
    private readonly endpoint: string,
    private readonly image: ImageName,
    auth: string | undefined,
  ) {
    this.authorization = auth === undefined ? {} : { authorization: `Basic ${auth}` };
  }

  /** Whether the registry answers, and knows who asks. */
  async ping(): Promise<void> {
    const url = `https://${this.image.registry}/v2/`;
    const answer = await this.send(`${this.endpoint}/v2/`, url, {});
    if (answer.status !== 200) throw faultOf('GET', url, answer);
  }

  /** Digest of a manifest; nothing when there is none. */
  async headManifest(reference: string): Promise<string | undefined> {
    const answer = await this.ask('HEAD', `manifests/${reference}`, [200, 404], {
      headers: { accept: MANIFESTS },
    });
    const digest = answer.headers['docker-content-digest'];
    return answer.status === 200 && typeof digest === 'string' ? digest : undefined;
  }

  /** @throws RegistryFault */
  async manifest(reference: string): Promise<Content> {
    const answer = await this.ask('GET', `manifests/${reference}`, [200], { headers: { accept: MANIFESTS } });
    const found = content(answer.headers['content-type'] ?? '', answer.body);
    return this.verified(found, reference.startsWith('sha256:') ? reference : found.digest);
  }

  /** @throws RegistryFault */
  async blob(digest: string): Promise<Content> {
    const answer = await this.ask('GET', `blobs/${digest}`, [200], {});
    return this.verified(content('application/octet-stream', answer.body), digest);
  }

  /** Uploads a blob unless the registry has it. */
  async pushBlob({ bytes, digest }: Content): Promise<void> {
    const { status } = await this.ask('HEAD', `blobs/${digest}`, [200, 404], {});
    if (status === 200) return;
    const begun = await this.ask('POST', 'blobs/uploads/', [202], {});
    const type = { 'content-type': 'application/octet-stream' };
    const range = { ...type, 'content-range': `0-${bytes.length - 1}` };
    const sent = await this.follow('PATCH', begun, 202, { headers: range, body: bytes });
    await this.follow('PUT', sent, 201, { headers: type, body: Buffer.alloc(0) }, `digest=${digest}`);
  }

  /** Puts a manifest under a tag or its own digest, unless it is there already. */
  async pushManifest({ mediaType, bytes, digest }: Content, reference: string): Promise<void> {
    if ((await this.headManifest(reference)) === digest) return;
    await this.ask('PUT', `manifests/${reference}`, [201], {
      headers: { 'content-type': mediaType },
      body: bytes,
    });
  }

  private async ask(
    method: string,
    path: string,
    wanted: readonly number[],
    request: Request,
  ): Promise<Answer> {
    const { registry, repository } = this.image;
    const url = `https://${registry}/v2/${repository}/${path}`;
    const here = `${this.endpoint}/v2/${registry}/${repository}/${path}`;
    const answer = await this.send(here, url, { ...request, method });
    if (wanted.includes(answer.status)) return answer;
    throw faultOf(method, url, answer);
  }

  /** Goes on with an upload where the registry said. */
  private async follow(
    method: string,
    before: Answer,
    wanted: number,
    request: Request,
    query = '',
  ): Promise<Answer> {
    const { location } = before.headers;
    if (location === undefined) throw new RegistryFault('the registry names no place for the upload');
    const url = new URL(location, this.endpoint);
    const target = query === '' ? url.href : `${url.href}${url.search === '' ? '?' : '&'}${query}`;
    const answer = await this.send(target, target, { ...request, method });
    if (answer.status === wanted) return answer;
    throw faultOf(method, `https://${this.image.registry}${url.pathname}`, answer);
  }

  private async send(here: string, url: string, request: Request): Promise<Answer> {
    const { method = 'GET', headers } = request;
    try {
      return await loopbackRequest(here, { ...request, headers: { ...headers, ...this.authorization } });
    } catch (error) {
      throw unreachable(method, url, messageOf(error));
    }
  }

  private verified(found: Content, digest: string): Content {
    if (found.digest === digest) return found;
    throw new RegistryFault(`${this.image.text}: got ${found.digest}, asked for ${digest}`);
  }
}

const unreachable = (method: string, url: string, why: string): RegistryFault =>
  new RegistryFault(
    `failed to do request: ${method[0] ?? ''}${method.slice(1).toLowerCase()} "${url}": dial tcp: ${why}`,
  );

function faultOf(method: string, url: string, { status, body }: Answer): RegistryFault {
  const [first] = errorsIn(body);
  if (first?.message === undefined) {
    return new RegistryFault(`unexpected status from ${method} request to ${url}: ${status}`);
  }
  return new RegistryFault(`${first.code.toLowerCase().replaceAll('_', ' ')}: ${first.message}`);
}

function errorsIn(body: Buffer) {
  try {
    return errorsSchema.parse(JSON.parse(body.toString('utf8'))).errors;
  } catch {
    // A proxy on the way may answer with anything.
    return [];
  }
}
