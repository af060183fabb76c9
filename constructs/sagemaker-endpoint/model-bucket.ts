import { RemovalPolicy } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
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
    const principals = (props.readAccounts ?? []).map((account) => new AccountPrincipal(account));
    if (principals.length > 0) {
      // What the deployer and the endpoint need: without the right to list, a missing key is told as a forbidden one.
      const allow = (action: string, resource: string) =>
        bucket.addToResourcePolicy(
          new PolicyStatement({ actions: [action], resources: [resource], principals }),
        );
      allow('s3:GetObject', bucket.arnForObjects('*'));
      allow('s3:ListBucket', bucket.bucketArn);
    }
    this.bucket = bucket;
  }
}
