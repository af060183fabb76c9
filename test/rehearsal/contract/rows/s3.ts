import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { REGION } from '../emulator';
import type { ContractRow } from '../row';

const Bucket = 'versioned-bucket';
const object = { Bucket, Key: 'folder/a & <b>.json' };

export const S3: readonly ContractRow[] = [
  {
    operation: 'PutObject',
    call: ({ s3 }) => s3.send(new PutObjectCommand({ ...object, Body: '{}', Metadata: { run: '1' } })),
    answer: { ETag: '"99914b932bd37a50b983c5e7c90ae93b"', VersionId: expect.any(String) as unknown },
  },
  {
    operation: 'GetObject',
    call: async ({ s3 }) => {
      const { Body, ...rest } = await s3.send(new GetObjectCommand(object));
      return { ...rest, text: await Body?.transformToString() };
    },
    answer: { text: '{}', Metadata: { run: '1' }, LastModified: expect.any(Date) as unknown },
  },
  {
    operation: 'HeadObject',
    asks: ['s3:GetObject'],
    call: ({ s3 }) => s3.send(new HeadObjectCommand(object)),
    answer: { ContentLength: 2, ServerSideEncryption: 'AES256' },
  },
  {
    operation: 'ListObjectsV2',
    asks: ['s3:ListBucket'],
    call: ({ s3 }) => s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'folder/', Delimiter: '/' })),
    answer: { KeyCount: 1, Contents: [{ Key: object.Key, Size: 2 }] },
  },
  {
    operation: 'ListObjectVersions',
    asks: ['s3:ListBucketVersions'],
    call: ({ s3 }) => s3.send(new ListObjectVersionsCommand({ Bucket })),
    answer: { Versions: [{ Key: object.Key, IsLatest: true }] },
  },
  {
    operation: 'GetBucketVersioning',
    call: ({ s3 }) => s3.send(new GetBucketVersioningCommand({ Bucket })),
    answer: { Status: 'Enabled' },
  },
  {
    operation: 'HeadBucket',
    asks: ['s3:ListBucket'],
    call: ({ s3 }) => s3.send(new HeadBucketCommand({ Bucket })),
    answer: { BucketRegion: REGION },
  },
  {
    operation: 'DeleteObject',
    call: ({ s3 }) => s3.send(new DeleteObjectCommand(object)),
    answer: { DeleteMarker: true },
  },
  {
    operation: 'DeleteObject',
    asks: ['s3:DeleteObjectVersion'],
    call: async ({ s3 }) => {
      const { DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      return s3.send(new DeleteObjectCommand({ ...object, VersionId: DeleteMarkers[0]?.VersionId }));
    },
    answer: { DeleteMarker: true, VersionId: expect.any(String) as unknown },
  },
  {
    operation: 'GetObject',
    asks: ['s3:GetObjectVersion'],
    call: async ({ s3 }) => {
      const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
      return s3.send(new GetObjectCommand({ ...object, VersionId: Versions[0]?.VersionId }));
    },
    answer: { ContentLength: 2 },
  },
  {
    operation: 'DeleteObjects',
    asks: ['s3:DeleteObject'],
    call: ({ s3 }) =>
      s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: object.Key }, { Key: 'b' }] } })),
    answer: { Deleted: [{ Key: object.Key, DeleteMarker: true }, { Key: 'b' }] },
  },
];
