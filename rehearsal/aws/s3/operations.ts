import { z } from 'zod';
import { optionalString, refuseOthers } from '../modelled-members';
import { ApiFault, type Call, type Input, type Operation, type Question, stringOf } from '../service';
import { bucketOf, currentOf, questionAbout, type S3Holder } from './buckets';
import { listObjects, listVersions } from './list-objects';
import { deleteObject, deleteVersion, HEADERS, putObject } from './put-object';
import { deleteQuestion, listContext, putQuestion, readQuestions } from './questions';
import type { Bucket, StoredObject } from './state';

const API = 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_';

const Delete = z.object({
  Objects: z.array(z.object({ Key: z.string(), VersionId: z.string().optional() })).max(1_000),
  Quiet: z.boolean().optional(),
});

type Handle = (bucket: Bucket, input: Input, call: Call) => object;

/** Buckets and objects, path-style. Uploads in parts, ranges and access control lists are not modelled. */
export function s3Operations(s3: S3Holder): Readonly<Record<string, Operation>> {
  const operation = (
    name: string,
    members: readonly string[],
    questions: (input: Input) => readonly Question[],
    handle: Handle,
  ): Operation => ({
    source: `${API}${name}.html`,
    questions,
    handle: (input, call) => {
      refuseOthers(`s3:${name}`, input, ['Bucket', 'ExpectedBucketOwner', ...members]);
      return handle(bucketOf(s3, input, call), input, call);
    },
  });
  const onBucket = (action: string) => (input: Input) => [
    questionAbout(s3, action, input, { context: listContext(input) }),
  ];
  const read = ['Key', 'VersionId', 'ChecksumMode'];
  const list = ['Prefix', 'EncodingType'];
  return {
    PutObject: operation(
      'PutObject',
      PUT_MEMBERS,
      (input) => [putQuestion(s3, input)],
      (bucket, input, call) => put(s3, bucket, input, call),
    ),
    GetObject: operation('GetObject', read, readQuestions(s3), (bucket, input) => {
      const object = objectOf(bucket, input);
      return { ...describe(bucket, object, input), Body: Buffer.from(object.body, 'base64') };
    }),
    HeadObject: operation('HeadObject', read, readQuestions(s3), (bucket, input) =>
      describe(bucket, objectOf(bucket, input), input),
    ),
    DeleteObject: operation(
      'DeleteObject',
      ['Key', 'VersionId'],
      (input) => [deleteQuestion(s3, input, stringOf(input, 'Key'), optionalString(input, 'VersionId'))],
      (bucket, input, call) =>
        remove(s3, bucket, stringOf(input, 'Key'), optionalString(input, 'VersionId'), call),
    ),
    DeleteObjects: operation(
      'DeleteObjects',
      ['Delete', 'ChecksumAlgorithm'],
      (input) =>
        toDelete(input).Objects.map(({ Key, VersionId }) => deleteQuestion(s3, input, Key, VersionId)),
      (bucket, input, call) => removeAll(s3, bucket, input, call),
    ),
    ListObjectsV2: operation(
      'ListObjectsV2',
      [...list, 'Delimiter', 'MaxKeys', 'ContinuationToken', 'StartAfter'],
      onBucket('ListBucket'),
      listObjects,
    ),
    ListObjectVersions: operation('ListObjectVersions', list, onBucket('ListBucketVersions'), listVersions),
    GetBucketVersioning: operation(
      'GetBucketVersioning',
      [],
      onBucket('GetBucketVersioning'),
      ({ versioning }) => (versioning === undefined ? {} : { Status: versioning }),
    ),
    HeadBucket: operation('HeadBucket', [], onBucket('ListBucket'), ({ region }) => ({
      BucketRegion: region,
    })),
  };
}

const PUT_MEMBERS = [
  ...['Key', 'Body', 'ACL', 'ContentLength', 'ContentMD5', 'ChecksumAlgorithm', 'IfMatch', 'IfNoneMatch'],
  ...['ChecksumCRC32', 'ChecksumCRC32C', 'ChecksumCRC64NVME', 'ChecksumSHA1', 'ChecksumSHA256'],
  ...HEADERS,
];

function put({ state }: S3Holder, bucket: Bucket, input: Input, { now }: Call): object {
  if (input.ACL !== undefined && input.ACL !== 'bucket-owner-full-control') {
    throw new ApiFault('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  const { etag, checksums, versionId } = putObject(state, bucket, input, now);
  return { ETag: etag, ...checksums, ServerSideEncryption: 'AES256', ...versionMember(bucket, versionId) };
}

const versionMember = ({ versioning }: Bucket, VersionId: string): object =>
  versioning === undefined ? {} : { VersionId };

/**
 * @throws ApiFault `NoSuchKey`, `NoSuchVersion` or `MethodNotAllowed`
 */
function objectOf(bucket: Bucket, input: Input): StoredObject {
  const key = stringOf(input, 'Key');
  const wanted = optionalString(input, 'VersionId');
  if (wanted === undefined) {
    const current = currentOf(bucket, key);
    if (current) return current;
    throw new ApiFault('NoSuchKey', 'The specified key does not exist.', 404);
  }
  const version = bucket.objects.get(key)?.find(({ versionId }) => versionId === wanted);
  if (!version) throw new ApiFault('NoSuchVersion', 'The specified version does not exist.', 404);
  if (version.kind === 'object') return version;
  throw new ApiFault('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405);
}

function describe(bucket: Bucket, object: StoredObject, { ChecksumMode }: Input): object {
  const { at, body, etag, headers, checksums, versionId } = object;
  return {
    AcceptRanges: 'bytes',
    ContentType: 'binary/octet-stream',
    ServerSideEncryption: 'AES256',
    ...headers,
    LastModified: new Date(at),
    ContentLength: Buffer.byteLength(body, 'base64'),
    ETag: etag,
    ...(ChecksumMode === 'ENABLED' && checksums),
    ...versionMember(bucket, versionId),
  };
}

interface Deleted {
  readonly DeleteMarker?: boolean;
  readonly VersionId?: string;
}

function remove(
  { state }: S3Holder,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  { now }: Call,
): Deleted {
  if (versionId === undefined) {
    const marker = deleteObject(state, bucket, key, now);
    return marker ? { DeleteMarker: true, VersionId: marker.versionId } : {};
  }
  const gone = deleteVersion(bucket, key, versionId);
  return { VersionId: versionId, ...(gone?.kind === 'deleteMarker' && { DeleteMarker: true }) };
}

/**
 * @throws ApiFault `MalformedXML`
 */
function toDelete(input: Input): z.output<typeof Delete> {
  const read = Delete.safeParse(input.Delete);
  if (read.success) return read.data;
  throw new ApiFault('MalformedXML', 'The XML you provided was not well-formed');
}

/** IAM is asked about all objects first: one that may not be deleted keeps all of them. */
function removeAll(s3: S3Holder, bucket: Bucket, input: Input, call: Call): object {
  const { Objects, Quiet } = toDelete(input);
  const Deleted = Objects.map(({ Key, VersionId: asked }) => {
    const { DeleteMarker, VersionId } = remove(s3, bucket, Key, asked, call);
    return {
      Key,
      ...(asked !== undefined && { VersionId: asked }),
      ...(DeleteMarker && { DeleteMarker, DeleteMarkerVersionId: VersionId }),
    };
  });
  return Quiet === true ? {} : { Deleted };
}
