import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { LockstepError, ModelArtifact } from '../../../contract';
import { awsErrorName, callAws } from '../../aws-client';
import type { SagemakerEndpointSpec } from '../spec';

/** The bucket that models are deployed from. */
export class ModelStore {
  constructor(
    private readonly s3: S3Client,
    private readonly spec: SagemakerEndpointSpec,
  ) {}

  /**
   * The artifact with its version, once it is known to be what SageMaker would read.
   *
   * @throws LockstepError `ForeignModel`, `ModelNotFound` or `ModelOverwritten`
   */
  async find(artifact: ModelArtifact): Promise<ModelArtifact> {
    if (artifact.bucket !== this.spec.modelBucket) throw foreign(artifact, this.spec.modelBucket);
    const newest = await this.newest(artifact);
    if (newest === undefined) throw notFound(artifact);
    if (artifact.version !== undefined && artifact.version !== newest.version) {
      throw overwritten(artifact, newest);
    }
    return newest;
  }

  /** True while SageMaker would read the same bytes that the artifact names. */
  async isUnchanged(text: string): Promise<boolean> {
    const artifact = ModelArtifact.parse(text, 'the released model');
    const newest = await this.newest(artifact);
    return newest !== undefined && (artifact.version === undefined || artifact.version === newest.version);
  }

  private async newest(artifact: ModelArtifact): Promise<ModelArtifact | undefined> {
    try {
      const { VersionId } = await callAws('s3:GetObject', () =>
        this.s3.send(new HeadObjectCommand({ Bucket: artifact.bucket, Key: artifact.key })),
      );
      return VersionId === undefined ? artifact : artifact.at(VersionId);
    } catch (error) {
      if (/^(NotFound|NoSuchKey)$/.test(awsErrorName(error) ?? '')) return undefined;
      throw error;
    }
  }
}

const foreign = (artifact: ModelArtifact, bucket: string): LockstepError =>
  new LockstepError('ForeignModel', {
    place: '--model',
    value: artifact.toString(),
    allowed: `a model in the bucket ${bucket}`,
    change: 'upload the model to the declared bucket',
  });

const notFound = (artifact: ModelArtifact): LockstepError =>
  new LockstepError('ModelNotFound', {
    place: '--model',
    value: artifact.toString(),
    allowed: `an object that exists in ${artifact.bucket}`,
    change: 'run the training, or check the key',
  });

const overwritten = (artifact: ModelArtifact, newest: ModelArtifact): LockstepError =>
  new LockstepError('ModelOverwritten', {
    place: '--model',
    value: artifact.toString(),
    allowed: `the newest version of its key, which is ${newest.version ?? 'without id'}`,
    change: 'upload the model again under a key of its own: SageMaker reads no older version',
  });
