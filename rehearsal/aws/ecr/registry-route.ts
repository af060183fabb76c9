/** What a request of the Docker registry protocol is about. */
export type RegistryRoute =
  | { readonly kind: 'ping' }
  /** A URL that `GetDownloadUrlForLayer` gave out. */
  | { readonly kind: 'download'; readonly ticket: string }
  | ({ readonly kind: 'blob'; readonly digest: string } & RepositoryPlace)
  | ({ readonly kind: 'newUpload' } & RepositoryPlace)
  | ({ readonly kind: 'upload'; readonly uploadId: string; readonly digest?: string } & RepositoryPlace)
  | ({ readonly kind: 'manifest'; readonly reference: string } & RepositoryPlace)
  | ({ readonly kind: 'tags' } & RepositoryPlace)
  | { readonly kind: 'unknown' };

/** Which repository of which registry. */
export interface RepositoryPlace {
  readonly registry: string;
  readonly region: string;
  readonly name: string;
  /** Path of the repository: `/v2/<host>/<name>`. */
  readonly path: string;
}

const REPOSITORY =
  /^(\/v2\/(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/(.+?))\/(blobs|manifests|tags)\/(.*)$/;
const PING = /^\/v2\/?$|^\/v2\/\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/?$/;

/**
 * Reads a path. A private registry is a host of its own, which cannot be loopback; here it is the first part of
 * the path: `/v2/<account>.dkr.ecr.<region>.amazonaws.com/<repository>/…`.
 *
 * @see https://github.com/opencontainers/distribution-spec/blob/main/spec.md#endpoints
 */
export function readRoute(url: string): RegistryRoute {
  const { pathname, searchParams } = new URL(url, 'http://registry');
  if (PING.test(pathname)) return { kind: 'ping' };
  const [, ticket] = /^\/v2\/layers\/([^/]+)$/.exec(pathname) ?? [];
  if (ticket !== undefined) return { kind: 'download', ticket };
  const parts = REPOSITORY.exec(pathname);
  if (!parts) return { kind: 'unknown' };
  const [, path = '', registry = '', region = '', name = '', collection, rest = ''] = parts;
  const place = { registry, region, name, path };
  if (collection === 'manifests') return { kind: 'manifest', reference: rest, ...place };
  if (collection === 'tags') return rest === 'list' ? { kind: 'tags', ...place } : { kind: 'unknown' };
  const [, uploadId] = /^uploads\/(.*)$/.exec(rest) ?? [];
  if (uploadId === undefined) return { kind: 'blob', digest: rest, ...place };
  if (uploadId === '') return { kind: 'newUpload', ...place };
  const digest = searchParams.get('digest') ?? undefined;
  return { kind: 'upload', uploadId, ...(digest !== undefined && { digest }), ...place };
}

/**
 * Where a client of the rehearsal finds a repository.
 *
 * @param endpoint base URL of the emulated AWS
 * @param repositoryUri such as `222222222222.dkr.ecr.us-east-1.amazonaws.com/team/app`
 */
export const registryUrl = (endpoint: string, repositoryUri: string): string =>
  `${endpoint.replace(/\/$/, '')}/v2/${repositoryUri}`;
