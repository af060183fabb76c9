import { DeleteObjectsCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { LockstepError } from '../../../contract';
import { awsErrorName, callAws } from '../../aws-client';
import { type K3sNodeSpec, runPrefix } from '../spec';

/** What the node may write. */
export type NodeObject = 'log.txt' | 'result.txt' | 'state.json' | 'metrics.txt';

const WRITTEN_BY_NODE: readonly NodeObject[] = ['log.txt', 'result.txt', 'state.json', 'metrics.txt'];

/** The objects of one run: what the deployer hands to the node, and what the node hands back. */
export class RunObjects {
  private readonly uploaded = new Set<string>();

  constructor(
    private readonly s3: S3Client,
    private readonly spec: K3sNodeSpec,
    private readonly run: string,
  ) {}

  /**
   * Log and result are there from the beginning: without the right to list the bucket, S3 answers to a missing object as
   * to one that is forbidden.
   *
   * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
   */
  async prepare(): Promise<void> {
    // One line end: the SDK takes an empty text for a stream whose length it does not know.
    await this.put('log.txt', '\n');
    await this.put('result.txt', '\n');
  }

  async put(name: string, text: string): Promise<void> {
    this.uploaded.add(name);
    await callAws('s3:PutObject', () =>
      this.s3.send(
        new PutObjectCommand({
          Bucket: this.spec.bucket,
          Key: this.key(name),
          Body: text,
          ContentType: 'text/plain; charset=utf-8',
        }),
      ),
    );
  }

  /** @returns nothing where there is no such object */
  async get(name: NodeObject): Promise<string | undefined> {
    try {
      const { Body } = await callAws('s3:GetObject', () =>
        this.s3.send(new GetObjectCommand({ Bucket: this.spec.bucket, Key: this.key(name) })),
      );
      return await Body?.transformToString();
    } catch (error) {
      if (awsErrorName(error) === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  /**
   * Deletes everything that was uploaded, and everything that the node may have written.
   *
   * @throws LockstepError `AwsCallFailed`, also where S3 kept single objects
   */
  async deleteAll(): Promise<void> {
    const names = [...new Set([...WRITTEN_BY_NODE, ...this.uploaded])];
    const { Errors = [] } = await callAws('s3:DeleteObject', () =>
      this.s3.send(
        new DeleteObjectsCommand({
          Bucket: this.spec.bucket,
          Delete: { Objects: names.map((name) => ({ Key: this.key(name) })), Quiet: true },
        }),
      ),
    );
    if (Errors.length === 0) return;
    throw new LockstepError('AwsCallFailed', {
      place: 's3:DeleteObject',
      value: Errors.map(({ Key, Code }) => `${Key ?? '?'}: ${Code ?? '?'}`).join(', '),
      allowed: 'the objects of this run deleted',
      change: `delete what is below s3://${this.spec.bucket}/${runPrefix(this.run)}/; the bucket does it within two days`,
    });
  }

  private key(name: string): string {
    return `${runPrefix(this.run)}/${name}`;
  }
}
