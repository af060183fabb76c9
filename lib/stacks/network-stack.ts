import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { Network } from '../../constructs/network';
import type { Environment } from '../platform';
import { PlatformStack } from './platform-stack';

export interface NetworkStackProps {
  readonly environment: Environment;
  readonly region: string;
}

/** Once for each environment and region: the VPC that its workloads share. */
export class NetworkStack extends PlatformStack {
  readonly vpc: IVpc;
  readonly accessLogs: IBucket;
  /** Public addresses by which its private subnets reach the internet. */
  readonly natAddresses: readonly string[];

  constructor(scope: Construct, id: string, { environment, region }: NetworkStackProps) {
    const { network } = environment;
    super(scope, id, {
      env: { account: environment.account, region },
      stackName: id,
      description: `Network of ${environment.name}`,
      terminationProtection: true,
      ...(network.availabilityZones && { zones: network.availabilityZones }),
    });
    const { vpc, accessLogs, natAddresses } = new Network(this, 'Network', {
      cidr: network.cidr,
      availabilityZones: this.availabilityZones,
      natGateways: network.natGateways,
    });
    this.vpc = vpc;
    this.accessLogs = accessLogs;
    this.natAddresses = natAddresses;
  }
}
