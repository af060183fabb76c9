import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { type PlainEndpoint, type PlainEnvironment, PLATFORM } from './settings';

/** Once for each endpoint: where its models are kept, for all accounts. */
export class PlainModelsStack extends Stack {
  readonly bucketName: string;

  constructor(
    scope: Construct,
    { id, region }: PlainEndpoint,
    home: PlainEnvironment,
    others: readonly PlainEnvironment[],
  ) {
    super(scope, `${PLATFORM}-${id}-models`, {
      env: { account: home.account, region },
      terminationProtection: true,
    });
    const shared = {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    const accessLogs = new Bucket(this, 'AccessLogs', {
      ...shared,
      lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration: Duration.days(7) }],
    });
    Validations.of(accessLogs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'This is the bucket that receives the access logs',
    });
    this.bucketName = `${PLATFORM}-${id}-models-${home.account}`;
    const bucket = new Bucket(this, 'Models', {
      ...shared,
      bucketName: this.bucketName,
      serverAccessLogsBucket: accessLogs,
    });
    const principals = others.map(({ account }) => new AccountPrincipal(account));
    if (principals.length === 0) return;
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['s3:GetObject', 's3:ListBucket'],
        resources: [bucket.bucketArn, bucket.arnForObjects('*')],
      }),
    );
  }
}
