import { optionalString } from '../modelled-members';
import { type Input, page } from '../service';
import { currentOf, keysOf } from './buckets';
import type { Bucket } from './state';

/** Most keys on one page. */
const MOST_KEYS = 1_000;

/** A key, or the part of several keys up to a delimiter. */
type Entry = { readonly key: string } | { readonly prefix: string };

/**
 * Keys of a bucket that were not deleted.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listObjects(bucket: Bucket, input: Input): object {
  const { MaxKeys, ContinuationToken, EncodingType, Delimiter } = input;
  const prefix = optionalString(input, 'Prefix') ?? '';
  const after = optionalString(input, 'StartAfter') ?? '';
  const keys = keysOf(bucket).filter(
    (key) => key.startsWith(prefix) && key > after && currentOf(bucket, key) !== undefined,
  );
  const all = grouped(keys, prefix, optionalString(input, 'Delimiter'));
  const { items, nextToken } = page({ maxResults: MaxKeys, nextToken: ContinuationToken }, all, MOST_KEYS);
  const text = (key: string): string => (EncodingType === 'url' ? urlEncoded(key) : key);
  const Contents = items.flatMap((entry) => ('key' in entry ? content(bucket, entry.key, text) : []));
  const CommonPrefixes = items.flatMap((entry) => ('prefix' in entry ? { Prefix: text(entry.prefix) } : []));
  return {
    Name: bucket.name,
    Prefix: text(prefix),
    MaxKeys: Number(MaxKeys ?? MOST_KEYS),
    KeyCount: items.length,
    IsTruncated: nextToken !== undefined,
    ...(Contents.length > 0 && { Contents }),
    ...(CommonPrefixes.length > 0 && { CommonPrefixes }),
    ...(typeof Delimiter === 'string' && { Delimiter: text(Delimiter) }),
    ...(EncodingType !== undefined && { EncodingType }),
    ...(ContinuationToken !== undefined && { ContinuationToken }),
    ...(nextToken !== undefined && { NextContinuationToken: nextToken }),
    ...(after !== '' && { StartAfter: text(after) }),
  };
}

function grouped(keys: readonly string[], prefix: string, delimiter: string | undefined): readonly Entry[] {
  if (delimiter === undefined || delimiter === '') return keys.map((key) => ({ key }));
  const seen = new Set<string>();
  return keys.flatMap((key): readonly Entry[] => {
    const end = key.indexOf(delimiter, prefix.length);
    if (end < 0) return [{ key }];
    const common = key.slice(0, end + delimiter.length);
    if (seen.has(common)) return [];
    seen.add(common);
    return [{ prefix: common }];
  });
}

function content(bucket: Bucket, key: string, text: (key: string) => string): readonly object[] {
  const object = currentOf(bucket, key);
  if (!object) return [];
  const { at, etag, body } = object;
  const Size = Buffer.byteLength(body, 'base64');
  return [{ Key: text(key), LastModified: new Date(at), ETag: etag, Size, StorageClass: 'STANDARD' }];
}

const urlEncoded = (key: string): string => encodeURIComponent(key).replaceAll('%2F', '/');

/**
 * Every version and delete marker, newest first.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export function listVersions(bucket: Bucket, input: Input): object {
  const prefix = optionalString(input, 'Prefix') ?? '';
  const text = (key: string): string => (input.EncodingType === 'url' ? urlEncoded(key) : key);
  const all = keysOf(bucket)
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) =>
      [...(bucket.objects.get(key) ?? [])]
        .reverse()
        .map((version, index) => ({ key: text(key), version, IsLatest: index === 0 })),
    );
  const Versions = all.flatMap(({ key, version, IsLatest }) =>
    version.kind === 'object'
      ? {
          Key: key,
          VersionId: version.versionId,
          IsLatest,
          LastModified: new Date(version.at),
          ETag: version.etag,
          Size: Buffer.byteLength(version.body, 'base64'),
          StorageClass: 'STANDARD',
        }
      : [],
  );
  const DeleteMarkers = all.flatMap(({ key, version, IsLatest }) =>
    version.kind === 'deleteMarker'
      ? { Key: key, VersionId: version.versionId, IsLatest, LastModified: new Date(version.at) }
      : [],
  );
  return {
    Name: bucket.name,
    Prefix: text(prefix),
    MaxKeys: MOST_KEYS,
    IsTruncated: false,
    ...(Versions.length > 0 && { Versions }),
    ...(DeleteMarkers.length > 0 && { DeleteMarkers }),
    ...(input.EncodingType !== undefined && { EncodingType: input.EncodingType }),
  };
}
