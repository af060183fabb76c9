import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { OidcProviderNative } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { CIDR, type PlainEnvironment, PLATFORM, REGION, zonesOf } from './settings';

/** Once for each account: GitHub as identity provider. */
export class PlainAccessStack extends Stack {
  constructor(scope: Construct, { name, account }: PlainEnvironment) {
    super(scope, `${PLATFORM}-access-${name}`, {
      env: { account, region: REGION },
      terminationProtection: true,
    });
    new OidcProviderNative(this, 'Github', {
      url: 'https://token.actions.githubusercontent.com',
      clientIds: ['sts.amazonaws.com'],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }
}

/** Once for each environment and region: the VPC, its flow logs, and the bucket for access logs. */
export class PlainNetworkStack extends Stack {
  readonly vpc: Vpc;
  readonly accessLogs: Bucket;

  constructor(
    scope: Construct,
    environment: PlainEnvironment,
    private readonly awsRegion: string,
  ) {
    const elsewhere = awsRegion === REGION ? '' : `-${awsRegion}`;
    super(scope, `${PLATFORM}-network-${environment.name}${elsewhere}`, {
      env: { account: environment.account, region: awsRegion },
      terminationProtection: true,
    });
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(CIDR),
      availabilityZones: zonesOf(awsRegion),
      natGateways: environment.natGateways,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
    });
    this.vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    this.vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLogs', {
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      ),
    });
    Validations.of(this.vpc).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason: 'Zones are named so that synthesis needs no account',
    });
    this.accessLogs = new Bucket(this, 'AccessLogs', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [{ expiration: Duration.days(90), noncurrentVersionExpiration: Duration.days(7) }],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this.accessLogs).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'This is the bucket that receives the access logs',
    });
  }

  override get availabilityZones(): string[] {
    return zonesOf(this.awsRegion);
  }
}
