import { type Stack, Tags, Validations } from 'aws-cdk-lib';
import {
  BlockDeviceVolume,
  CfnInstance,
  CfnLaunchTemplate,
  CfnVolumeAttachment,
  EbsDeviceVolumeType,
  Instance,
  InstanceType,
  type IVpc,
  MachineImage,
  MultipartBody,
  MultipartUserData,
  SecurityGroup,
  SubnetType,
  type UserData,
} from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { NODE_TAG, type NodeNames, nodeStatements } from './node-statements';

/** The newest image of Amazon Linux 2023 at the moment when the instance is made. */
const IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

export interface NodeInstanceProps {
  readonly names: NodeNames;
  readonly vpc: IVpc;
  readonly availabilityZone: string;
  readonly instanceType: string;
  readonly repositoryArns: readonly string[];
  readonly setup: string;
  readonly volumeId: string;
}

/** An instance in a private subnet, with its data volume; nobody but Systems Manager reaches it. */
export function nodeInstance(stack: Stack, props: NodeInstanceProps): { readonly instanceId: string } {
  const { names, vpc, availabilityZone } = props;
  const instance = new Instance(stack, 'Instance', {
    vpc,
    vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: [availabilityZone] },
    instanceType: new InstanceType(props.instanceType),
    machineImage: MachineImage.resolveSsmParameterAtLaunch(IMAGE),
    role: nodeRole(stack, names, props.repositoryArns),
    securityGroup: new SecurityGroup(stack, 'SecurityGroup', { vpc, description: 'Node: no way in' }),
    userData: atEachStart(props.setup),
    detailedMonitoring: true,
    blockDevices: [
      {
        deviceName: '/dev/xvda',
        volume: BlockDeviceVolume.ebs(16, {
          encrypted: true,
          volumeType: EbsDeviceVolumeType.GP3,
          deleteOnTermination: true,
        }),
      },
    ],
  });
  Tags.of(instance).add(NODE_TAG, names.node);
  Tags.of(instance).add('Name', names.node);
  startFromTemplate(stack, instance);
  Validations.of(instance).acknowledge({
    id: 'AwsSolutions-EC29',
    reason: 'What must not be lost lies on the data volume',
  });
  const { instanceId } = instance;
  new CfnVolumeAttachment(stack, 'Attachment', { instanceId, volumeId: props.volumeId, device: '/dev/sdf' });
  return { instanceId };
}

/** EC2 itself resolves the image, so that a newer one does not replace the node. */
function startFromTemplate(stack: Stack, instance: Instance): void {
  const template = new CfnLaunchTemplate(stack, 'Template', {
    launchTemplateData: {
      imageId: `resolve:ssm:${IMAGE}`,
      metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
    },
  });
  const resource = instance.node.defaultChild;
  if (!(resource instanceof CfnInstance)) throw new TypeError('an instance is made of another resource');
  resource.addPropertyDeletionOverride('ImageId');
  resource.addPropertyDeletionOverride('AvailabilityZone');
  resource.launchTemplate = { launchTemplateId: template.ref, version: template.attrLatestVersionNumber };
}

function nodeRole(stack: Stack, names: NodeNames, repositoryArns: readonly string[]) {
  const { statements, wildcards } = nodeStatements(names, repositoryArns);
  const role = new Role(stack, 'Role', {
    roleName: names.role,
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    inlinePolicies: { Node: new PolicyDocument({ statements }) },
  });
  Validations.of(role).acknowledge(
    ...wildcards.map((resource) => ({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason: 'The last part of the name is chosen at run time, or IAM offers nothing narrower',
    })),
  );
  return role.withoutPolicyUpdates();
}

function atEachStart(setup: string): UserData {
  const parts = new MultipartUserData();
  parts.addPart(
    MultipartBody.fromRawBody({
      contentType: 'text/cloud-config; charset="utf-8"',
      body: 'cloud_final_modules:\n  - [scripts-user, always]\n',
    }),
  );
  parts.addPart(MultipartBody.fromRawBody({ contentType: MultipartBody.SHELL_SCRIPT, body: setup }));
  return parts;
}
