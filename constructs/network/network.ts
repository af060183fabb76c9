import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  CfnEIP,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  SubnetType,
  Vpc,
  type IVpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { accessLogBucket } from '../access-log-bucket';

export interface NetworkProps {
  /** Address range of the VPC, such as `10.0.0.0/16`. */
  readonly cidr: string;
  /** By name, so that synthesis needs no account. */
  readonly availabilityZones: readonly string[];
  /** @default 1 */
  readonly natGateways?: number;
}

/** VPC with public and private subnets, flow logs, and a bucket for the access logs of load balancers. */
export class Network extends Construct {
  readonly vpc: IVpc;
  readonly accessLogs: IBucket;
  /** Public addresses by which the private subnets reach the internet. */
  readonly natAddresses: readonly string[];

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    const vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr(props.cidr),
      availabilityZones: [...props.availabilityZones],
      natGateways: props.natGateways ?? 1,
      subnetConfiguration: [
        { name: 'Public', subnetType: SubnetType.PUBLIC, cidrMask: 24, mapPublicIpOnLaunch: false },
        { name: 'Private', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
    });
    // Image layers come from S3: they need not pass the NAT gateway.
    vpc.addGatewayEndpoint('S3', { service: GatewayVpcEndpointAwsService.S3 });
    vpc.addFlowLog('FlowLog', {
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'FlowLogs', {
          retention: RetentionDays.ONE_MONTH,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      ),
    });
    Validations.of(vpc).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason:
        'Zones are named so that synthesis needs no account; the platform file chooses them for each environment',
    });
    this.vpc = vpc;
    this.natAddresses = vpc.publicSubnets
      .flatMap((subnet) => subnet.node.children)
      .filter((child) => child instanceof CfnEIP)
      .map((address) => address.attrPublicIp);
    this.accessLogs = accessLogBucket(this, 'AccessLogs');
  }
}
