import * as schemas from '@aws-sdk/client-s3';
import type { VirtualClock } from '../../clock/virtual-clock';
import type { AwsService, TemplateResource } from '../service';
import { bucketNamed, currentOf, keysOf, makeBucket, makeBucketPolicy } from './buckets';
import { s3Operations } from './operations';
import { putObject } from './put-object';
import type { S3State } from './state';

/** Objects that a run writes for itself, and takes away when it ends, begin with this. */
const OF_A_RUN = 'runs/';

/** Buckets of every account and region. @see https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html */
export class S3Service implements AwsService {
  readonly signingName = 's3';
  readonly protocol = 'restXml';
  readonly schemas = schemas;
  readonly operations = s3Operations(this);
  readonly makes = {
    'AWS::S3::Bucket': (resource: TemplateResource) => makeBucket(this, resource),
    'AWS::S3::BucketPolicy': (resource: TemplateResource) => makeBucketPolicy(this, resource),
  };
  state: S3State = { lastId: 0, buckets: new Map() };
  private readonly clock: VirtualClock;

  constructor({ clock }: { readonly clock: VirtualClock }) {
    this.clock = clock;
  }

  leftovers(): readonly string[] {
    return [...this.state.buckets.keys()].flatMap((name) =>
      this.keys(name)
        .filter((key) => key.startsWith(OF_A_RUN))
        .map((key) => `s3: s3://${name}/${key} was left behind`),
    );
  }

  /**
   * Keys that were not deleted, in the order of S3.
   *
   * @throws ApiFault `NoSuchBucket`
   */
  keys(bucketName: string): readonly string[] {
    const bucket = bucketNamed(this, bucketName);
    return keysOf(bucket).filter((key) => currentOf(bucket, key) !== undefined);
  }

  /**
   * Bytes of an object; undefined when there is none.
   *
   * @throws ApiFault `NoSuchBucket`
   */
  get(bucketName: string, key: string): Buffer | undefined {
    const object = currentOf(bucketNamed(this, bucketName), key);
    return object && Buffer.from(object.body, 'base64');
  }

  /**
   * An object put by somebody else, whom nobody asks for permission.
   *
   * @throws ApiFault `NoSuchBucket`
   */
  set(bucketName: string, key: string, body: string): void {
    const input = { Key: key, Body: Buffer.from(body) };
    putObject(this.state, bucketNamed(this, bucketName), input, this.clock.now());
  }
}
