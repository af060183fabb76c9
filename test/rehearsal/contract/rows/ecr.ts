import {
  BatchCheckLayerAvailabilityCommand,
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CompleteLayerUploadCommand,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  GetAuthorizationTokenCommand,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  ListImagesCommand,
  PutImageCommand,
  UploadLayerPartCommand,
} from '@aws-sdk/client-ecr';
import { digestOf, smallImage } from '../../../../rehearsal/aws/ecr/manifest';
import { ACCOUNT, type Clients, REGION } from '../emulator';
import type { ContractRow } from '../row';

const repositoryName = 'team/app';
const { blobs, manifest } = smallImage('one');
const imageDigest = digestOf(manifest);
const layerDigests = blobs.map(digestOf);
const imageIds = [{ imageTag: 'v1' }];

async function startUpload({ ecr }: Clients): Promise<string> {
  const { uploadId = '' } = await ecr.send(new InitiateLayerUploadCommand({ repositoryName }));
  return uploadId;
}

async function sendPart(clients: Clients, layerPartBlob: Buffer) {
  const uploadId = await startUpload(clients);
  const bytes = { partFirstByte: 0, partLastByte: layerPartBlob.length - 1, layerPartBlob };
  return clients.ecr.send(new UploadLayerPartCommand({ repositoryName, uploadId, ...bytes }));
}

async function upload(clients: Clients, blob: Buffer) {
  const { uploadId } = await sendPart(clients, blob);
  const layer = { repositoryName, uploadId, layerDigests: [digestOf(blob)] };
  return clients.ecr.send(new CompleteLayerUploadCommand(layer));
}

const LAYERS: readonly ContractRow[] = [
  {
    operation: 'InitiateLayerUpload',
    call: ({ ecr }) => ecr.send(new InitiateLayerUploadCommand({ repositoryName })),
    answer: { uploadId: expect.any(String) as unknown, partSize: 20_971_520 },
  },
  {
    operation: 'UploadLayerPart',
    call: (clients) => sendPart(clients, Buffer.from([0, 255])),
    answer: { repositoryName, lastByteReceived: 1 },
  },
  ...blobs.map((blob) => ({
    operation: 'CompleteLayerUpload',
    call: (clients: Clients) => upload(clients, blob),
    answer: { layerDigest: digestOf(blob) },
  })),
  {
    operation: 'BatchCheckLayerAvailability',
    call: ({ ecr }) => ecr.send(new BatchCheckLayerAvailabilityCommand({ repositoryName, layerDigests })),
    answer: { layers: layerDigests.map((layerDigest) => ({ layerDigest, layerAvailability: 'AVAILABLE' })) },
  },
  {
    operation: 'GetDownloadUrlForLayer',
    call: ({ ecr }) =>
      ecr.send(new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: layerDigests[0] })),
    answer: { downloadUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:/) as unknown },
  },
];

export const ECR: readonly ContractRow[] = [
  {
    operation: 'GetAuthorizationToken',
    call: ({ ecr }) => ecr.send(new GetAuthorizationTokenCommand({})),
    answer: {
      authorizationData: [
        {
          proxyEndpoint: `https://${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`,
          expiresAt: expect.any(Date) as unknown,
        },
      ],
    },
  },
  {
    operation: 'DescribeRepositories',
    call: ({ ecr }) => ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [repositoryName] })),
    answer: { repositories: [{ repositoryName, createdAt: expect.any(Date) as unknown }] },
  },
  ...LAYERS,
  {
    operation: 'PutImage',
    call: ({ ecr }) =>
      ecr.send(new PutImageCommand({ repositoryName, imageManifest: manifest, imageTag: 'v1' })),
    answer: { image: { imageId: { imageDigest, imageTag: 'v1' } } },
  },
  {
    operation: 'BatchGetImage',
    call: ({ ecr }) => ecr.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageDigest }] })),
    answer: { images: [{ imageManifest: expect.any(String) as unknown }], failures: [] },
  },
  {
    operation: 'ListImages',
    call: ({ ecr }) => ecr.send(new ListImagesCommand({ repositoryName })),
    answer: { imageIds: [{ imageDigest, imageTag: 'v1' }] },
  },
  {
    operation: 'DescribeImages',
    call: ({ ecr }) => ecr.send(new DescribeImagesCommand({ repositoryName, imageIds })),
    answer: { imageDetails: [{ imageDigest, imagePushedAt: expect.any(Date) as unknown }] },
  },
  {
    operation: 'BatchDeleteImage',
    call: ({ ecr }) => ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds })),
    answer: { imageIds: [{ imageDigest, imageTag: 'v1' }], failures: [] },
  },
];
