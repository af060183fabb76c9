import { RemovalPolicy } from 'aws-cdk-lib';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface ModelBucketProps {
  readonly bucketName: string;
  /** Bucket for the log of who read and wrote what. */
  readonly accessLogs: IBucket;
  /** Other accounts whose endpoints read models from here. @default - none */
  readonly readAccounts?: readonly string[];
}

/** Where the models of a workload are deployed from. It survives the deletion of its stack. */
export class ModelBucket extends Construct {
  readonly bucket: IBucket;

  constructor(scope: Construct, id: string, props: ModelBucketProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: props.bucketName,
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // A release names an object by its version; nothing expires, because any release may be gone back to.
      versioned: true,
      serverAccessLogsBucket: props.accessLogs,
      serverAccessLogsPrefix: `s3/${props.bucketName}/`,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const account of props.readAccounts ?? []) bucket.grantRead(new AccountPrincipal(account));
    this.bucket = bucket;
  }
}
