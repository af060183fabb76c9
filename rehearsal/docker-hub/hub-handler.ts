import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { RawHandler } from '../aws/raw-handler';
import type { DockerHub } from './docker-hub';

/** An answer of the Docker registry protocol. */
interface HubAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Paths of this registry: its host cannot be loopback, and is the first part of the path here. */
const ROUTE = /^\/v2\/docker\.io\/(?:(?<name>.+?)\/(?<kind>blobs|manifests)\/(?<rest>.*))?$/;

export const isHubPath = (url: string): boolean => url.startsWith('/v2/docker.io/');

interface Request {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly query: URLSearchParams;
}

/**
 * What Docker, BuildKit and scanners speak to Docker Hub. Tokens of its own are left out: the access token itself signs in.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
export const hubHandler =
  (hub: DockerHub): RawHandler =>
  (request, body, response) => {
    const { method = 'GET', headers, url = '/' } = request;
    const { pathname, searchParams: query } = new URL(url, 'http://hub');
    const answer = answerTo(hub, pathname, { method, headers, body, query });
    response.writeHead(answer.status, {
      'content-length': String(answer.body?.length ?? 0),
      ...answer.headers,
      'docker-distribution-api-version': 'registry/2.0',
    });
    response.end(method === 'HEAD' ? undefined : answer.body);
  };

function answerTo(hub: DockerHub, path: string, request: Request): HubAnswer {
  const { name, kind, rest = '' } = ROUTE.exec(path)?.groups ?? {};
  const signedIn = isSignedIn(hub, request.headers);
  const reads = request.method === 'GET' || request.method === 'HEAD';
  // Who comes with a wrong token is turned away, also from what everybody may read.
  if (!signedIn && (!reads || name === undefined || request.headers.authorization !== undefined))
    return UNAUTHORIZED;
  if (name === undefined) return { status: 200 };
  if (kind === 'manifests') return reads ? manifest(hub, name, rest) : putManifest(hub, name, rest, request);
  if (reads) return blob(hub, name, rest);
  return upload(hub, name, rest.replace(/^uploads\//, ''), request);
}

function isSignedIn({ state }: DockerHub, { authorization = '' }: IncomingHttpHeaders): boolean {
  const [, encoded = ''] = /^Basic (.+)$/.exec(authorization) ?? [];
  const [account = '', ...token] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return account !== '' && state.tokens.get(account) === token.join(':');
}

const fault = (status: number, code: string, message: string): HubAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ errors: [{ code, message }] })),
});

const UNAUTHORIZED = fault(401, 'UNAUTHORIZED', 'incorrect username or password');

function manifest(hub: DockerHub, name: string, reference: string): HubAnswer {
  const repository = hub.state.repositories.get(name);
  const digest = reference.startsWith('sha256:') ? reference : (repository?.tags.get(reference) ?? '');
  const found = repository?.manifests.get(digest);
  if (!found) return fault(404, 'MANIFEST_UNKNOWN', 'manifest unknown');
  const headers = { 'content-type': found.mediaType, 'docker-content-digest': digest };
  return { status: 200, headers, body: Buffer.from(found.bytes, 'base64') };
}

function putManifest(hub: DockerHub, name: string, reference: string, { body, headers }: Request): HubAnswer {
  const repository = hub.repository(name);
  const digest = digestOf(body);
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  repository.manifests.set(digest, { mediaType, bytes: body.toString('base64') });
  if (!reference.startsWith('sha256:')) repository.tags.set(reference, digest);
  return { status: 201, headers: { 'docker-content-digest': digest } };
}

function blob(hub: DockerHub, name: string, digest: string): HubAnswer {
  const content = hub.state.repositories.get(name)?.blobs.get(digest);
  if (content === undefined) return fault(404, 'BLOB_UNKNOWN', 'blob unknown to registry');
  const headers = { 'content-type': 'application/octet-stream', 'docker-content-digest': digest };
  return { status: 200, headers, body: Buffer.from(content, 'base64') };
}

function upload(hub: DockerHub, name: string, id: string, { method, body, query }: Request): HubAnswer {
  const { uploads } = hub.state;
  const place = (of: string) => ({ location: `/v2/docker.io/${name}/blobs/uploads/${of}` });
  if (method === 'POST') {
    hub.state.lastId += 1;
    uploads.set(`upload-${hub.state.lastId}`, '');
    return { status: 202, headers: place(`upload-${hub.state.lastId}`) };
  }
  const before = uploads.get(id);
  if (before === undefined) return fault(404, 'BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
  const content = Buffer.concat([Buffer.from(before, 'base64'), body]);
  if (method === 'PATCH') {
    uploads.set(id, content.toString('base64'));
    return { status: 202, headers: place(id) };
  }
  const digest = query.get('digest') ?? '';
  if (method !== 'PUT') return fault(405, 'UNSUPPORTED', method);
  if (digestOf(content) !== digest)
    return fault(400, 'DIGEST_INVALID', 'provided digest did not match uploaded content');
  uploads.delete(id);
  hub.repository(name).blobs.set(digest, content.toString('base64'));
  return { status: 201, headers: { 'docker-content-digest': digest } };
}

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
