import { readProperties } from '../resource-properties';
import type { AwsService, Made, TemplateResource } from '../service';
import {
  instanceProperties,
  securityGroupProperties,
  subnetProperties,
  tags,
  vpcProperties,
} from './properties';
import type { Description, Ec2State, Kind } from './state';

/** Who holds the state; it may be another object after a situation was taken up again. */
export interface Ec2Holder {
  state: Ec2State;
}

/** Prefix of the id of resources that can be referred to and that no call can see. */
const UNSEEN: Readonly<Record<string, string>> = {
  EIP: 'eipalloc',
  FlowLog: 'fl',
  InternetGateway: 'igw',
  NatGateway: 'nat',
  NetworkAcl: 'acl',
  Route: 'r',
  RouteTable: 'rtb',
  SecurityGroupEgress: 'sgr',
  SecurityGroupIngress: 'sgr',
  SubnetRouteTableAssociation: 'rtbassoc',
  Volume: 'vol',
  VolumeAttachment: 'attach',
  VPCEndpoint: 'vpce',
  VPCGatewayAttachment: 'igw-attach',
};

/** What CloudFormation makes in EC2, apart from launch templates, which belong to the instances of a cluster. */
export function ec2Resources(ec2: Ec2Holder): AwsService['makes'] {
  const unseen = Object.entries(UNSEEN).map(([kind, prefix]) => {
    const make = (): Made => {
      const id = nextId(ec2, prefix);
      return { ref: id, attributes: { Id: id, AllocationId: id, [`${kind}Id`]: id } };
    };
    return [`AWS::EC2::${kind}`, make] as const;
  });
  return {
    ...Object.fromEntries(unseen),
    'AWS::EC2::VPC': (resource) => {
      const { CidrBlock } = readProperties(resource, vpcProperties);
      const id = store(ec2, resource, 'Vpcs', 'vpc', (VpcId) => ({ VpcId, CidrBlock, State: 'available' }));
      return { ref: id, attributes: { VpcId: id, CidrBlock } };
    },
    'AWS::EC2::Subnet': (resource) => {
      const { VpcId, CidrBlock, AvailabilityZone } = readProperties(resource, subnetProperties);
      const zone = AvailabilityZone ?? `${resource.region}a`;
      const id = store(ec2, resource, 'Subnets', 'subnet', (SubnetId) => ({
        SubnetId,
        VpcId,
        AvailabilityZone: zone,
        State: 'available',
        SubnetArn: `arn:aws:ec2:${resource.region}:${resource.account}:subnet/${SubnetId}`,
        ...(CidrBlock !== undefined && { CidrBlock }),
      }));
      return { ref: id, attributes: { SubnetId: id, VpcId, AvailabilityZone: zone } };
    },
    'AWS::EC2::SecurityGroup': (resource) => makeSecurityGroup(ec2, resource),
    'AWS::EC2::Instance': (resource) => {
      const { InstanceType, SubnetId, ImageId, IamInstanceProfile } = readProperties(
        resource,
        instanceProperties,
      );
      const profile = `arn:aws:iam::${resource.account}:instance-profile/${IamInstanceProfile ?? ''}`;
      const id = store(ec2, resource, 'Instances', 'i', (InstanceId) => ({
        InstanceId,
        InstanceType,
        State: { Code: 16, Name: 'running' },
        ...(SubnetId !== undefined && { SubnetId }),
        ...(ImageId !== undefined && { ImageId }),
        ...(IamInstanceProfile !== undefined && { IamInstanceProfile: { Arn: profile } }),
      }));
      return { ref: id, attributes: { InstanceId: id } };
    },
  };
}

function makeSecurityGroup(ec2: Ec2Holder, resource: TemplateResource): Made {
  const { GroupDescription, GroupName, VpcId } = readProperties(resource, securityGroupProperties);
  const id = store(ec2, resource, 'SecurityGroups', 'sg', (GroupId) => ({
    GroupId,
    GroupName: GroupName ?? `${resource.stack}-${resource.logicalId}`,
    Description: GroupDescription,
    ...(VpcId !== undefined && { VpcId }),
  }));
  return { ref: id, attributes: { GroupId: id, Id: id, ...(VpcId !== undefined && { VpcId }) } };
}

function store(
  ec2: Ec2Holder,
  { account, region, properties }: TemplateResource,
  kind: Kind,
  prefix: string,
  describe: (id: string) => Description,
): string {
  const id = nextId(ec2, prefix);
  const Tags = tags.parse(properties.Tags);
  const owner = kind === 'Instances' ? {} : { OwnerId: account };
  const description = { ...describe(id), ...owner, Tags };
  ec2.state.resources.set(id, { kind, id, account, region, description });
  return id;
}

const nextId = ({ state }: Ec2Holder, prefix: string): string =>
  `${prefix}-${String(++state.lastId).padStart(17, '0')}`;
