import { Tags, Validations } from 'aws-cdk-lib';
import {
  BlockDeviceVolume,
  CfnInstance,
  CfnLaunchTemplate,
  CfnVolumeAttachment,
  EbsDeviceVolumeType,
  type IVpc,
  Instance,
  InstanceType,
  MachineImage,
  MultipartBody,
  MultipartUserData,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  type UserData,
} from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { NODE_TAG } from './spec';

export interface NodeInstanceProps {
  readonly vpc: IVpc;
  readonly availabilityZone: string;
  readonly instanceType: string;
  readonly role: IRole;
  readonly nodeTag: string;
  /** Text that makes the instance a node; run at each start. */
  readonly setup: string;
  readonly dataVolumeId: string;
  readonly inboundCidrs: readonly string[];
}

/** The newest image of Amazon Linux 2023 at the moment when the instance is made. */
const IMAGE = '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64';

/**
 * The instance of a node, in a private subnet, reached by nobody but Systems Manager.
 *
 * It stays the same instance: a newer image of the operating system does not replace it, and a new setup makes it
 * start anew.
 */
export class NodeInstance extends Construct {
  readonly instanceId: string;

  constructor(scope: Construct, id: string, props: NodeInstanceProps) {
    super(scope, id);
    // Only EC2 itself reads the parameter: CloudFormation would replace the node whenever Amazon publishes an image.
    const template = new CfnLaunchTemplate(this, 'Template', {
      launchTemplateData: {
        imageId: `resolve:ssm:${IMAGE}`,
        // One hop: the role of the node stays out of reach of pods.
        metadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      },
    });
    const instance = new Instance(this, 'Instance', {
      vpc: props.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: [props.availabilityZone] },
      instanceType: new InstanceType(props.instanceType),
      machineImage: MachineImage.resolveSsmParameterAtLaunch(IMAGE),
      role: props.role,
      securityGroup: this.securityGroup(props),
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
    Tags.of(instance).add(NODE_TAG, props.nodeTag);
    Tags.of(instance).add('Name', props.nodeTag);
    const resource = instance.node.defaultChild;
    if (!(resource instanceof CfnInstance)) throw new TypeError('an instance is made of another resource');
    resource.addPropertyDeletionOverride('ImageId');
    // The subnet says it.
    resource.addPropertyDeletionOverride('AvailabilityZone');
    resource.launchTemplate = { launchTemplateId: template.ref, version: template.attrLatestVersionNumber };
    Validations.of(instance).acknowledge({
      id: 'AwsSolutions-EC29',
      reason:
        'What must not be lost lies on a data volume that is retained; the stack can be deleted and made anew',
    });
    new CfnVolumeAttachment(this, 'Data', {
      instanceId: instance.instanceId,
      volumeId: props.dataVolumeId,
      device: '/dev/sdf',
    });
    this.instanceId = instance.instanceId;
  }

  private securityGroup({ vpc, inboundCidrs }: NodeInstanceProps): SecurityGroup {
    const group = new SecurityGroup(this, 'SecurityGroup', {
      vpc,
      // Always the same words: EC2 would make another group of one with other words.
      description:
        'Node: closed but for what the platform file names; Systems Manager is reached from inside',
    });
    for (const cidr of inboundCidrs) group.addIngressRule(Peer.ipv4(cidr), Port.HTTP, `Traefik from ${cidr}`);
    return group;
  }
}

/** @see https://cloudinit.readthedocs.io/en/latest/reference/modules.html#scripts-user */
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
