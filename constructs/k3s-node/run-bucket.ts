import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';

export interface RunBucketProps {
  readonly bucketName: string;
  /** Bucket for the log of who read and wrote what. */
  readonly accessLogs: IBucket;
  readonly keepBackups: Duration;
}

/**
 * What pipeline and node hand each other, for less than two days, and the backups of the node. S3 counts from the next
 * midnight, UTC.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html#intro-lifecycle-rules-number-of-days
 */
export const runBucket = (scope: Construct, id: string, props: RunBucketProps): IBucket =>
  new Bucket(scope, id, {
    bucketName: props.bucketName,
    encryption: BucketEncryption.S3_MANAGED,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    serverAccessLogsBucket: props.accessLogs,
    serverAccessLogsPrefix: `s3/${props.bucketName}/`,
    lifecycleRules: [
      { id: 'runs', prefix: 'runs/', expiration: Duration.days(1) },
      { id: 'backups', prefix: 'backups/', expiration: props.keepBackups },
      { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
