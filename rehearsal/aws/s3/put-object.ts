import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { ApiFault, type Input, stringOf } from '../service';
import { currentOf, newestOf } from './buckets';
import type { Bucket, ObjectVersion, S3State, StoredObject } from './state';

/** Members of a request that come back with the object. */
export const HEADERS = [
  ...['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType'],
  ...['Metadata', 'ServerSideEncryption'],
];

const isChecksum = (member: string): boolean => /^Checksum(?!Algorithm|Mode|Type)/.test(member);

/**
 * Stores an object as the newest version of its key.
 *
 * @throws ApiFault `BadDigest` or `PreconditionFailed`
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function putObject(state: S3State, bucket: Bucket, input: Input, now: number): StoredObject {
  const key = stringOf(input, 'Key');
  const body = input.Body instanceof Uint8Array ? Buffer.from(input.Body) : Buffer.alloc(0);
  checkPreconditions(currentOf(bucket, key), input);
  checkDigests(body, input);
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const stored: StoredObject = {
    kind: 'object',
    versionId: newVersionId(state, bucket),
    at: now,
    body: body.toString('base64'),
    etag: `"${createHash('md5').update(body).digest('hex')}"`,
    headers: Object.fromEntries(given.filter(([member]) => HEADERS.includes(member))),
    checksums: Object.fromEntries(given.filter(([member]) => isChecksum(member))),
  };
  addVersion(bucket, key, stored);
  return stored;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function checkPreconditions(current: StoredObject | undefined, { IfMatch, IfNoneMatch }: Input): void {
  const clash = IfNoneMatch !== undefined && current !== undefined;
  const changed = IfMatch !== undefined && current?.etag !== IfMatch;
  if (!clash && !changed) return;
  const text = 'At least one of the pre-conditions you specified did not hold';
  throw new ApiFault('PreconditionFailed', text, 412);
}

function checkDigests(body: Buffer, { ContentMD5, ChecksumSHA256, ChecksumCRC32 }: Input): void {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const digests: readonly (readonly [unknown, string])[] = [
    [ContentMD5, createHash('md5').update(body).digest('base64')],
    [ChecksumSHA256, createHash('sha256').update(body).digest('base64')],
    [ChecksumCRC32, crc.toString('base64')],
  ];
  if (digests.every(([sent, found]) => sent === undefined || sent === found)) return;
  throw new ApiFault('BadDigest', 'The checksum you specified did not match what we received.');
}

/**
 * Deletes an object: its key gets a delete marker where the bucket has versions.
 *
 * @returns the marker
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html
 */
export function deleteObject(
  state: S3State,
  bucket: Bucket,
  key: string,
  now: number,
): ObjectVersion | undefined {
  if (bucket.versioning === undefined) {
    bucket.objects.delete(key);
    return undefined;
  }
  const marker = { kind: 'deleteMarker', versionId: newVersionId(state, bucket), at: now } as const;
  addVersion(bucket, key, marker);
  return marker;
}

/** Deletes one version for good. */
export function deleteVersion(
  { objects }: Bucket,
  key: string,
  versionId: string,
): ObjectVersion | undefined {
  const versions = objects.get(key) ?? [];
  const left = versions.filter((version) => version.versionId !== versionId);
  if (left.length > 0) objects.set(key, left);
  else objects.delete(key);
  return versions.find((version) => version.versionId === versionId);
}

const newVersionId = (state: S3State, { versioning }: Bucket): string =>
  versioning === 'Enabled' ? `version-${++state.lastId}` : 'null';

/** A new version takes the place of the one of the same id, which is `null` without versioning. */
function addVersion(bucket: Bucket, key: string, version: ObjectVersion): void {
  const others = (bucket.objects.get(key) ?? []).filter(({ versionId }) => versionId !== version.versionId);
  bucket.objects.set(key, newestOf(bucket, key) ? [...others, version] : [version]);
}
