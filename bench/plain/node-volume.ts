import { RemovalPolicy, Size, type Stack, Tags, Validations } from 'aws-cdk-lib';
import { CfnLifecyclePolicy } from 'aws-cdk-lib/aws-dlm';
import { EbsDeviceVolumeType, Volume } from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { snapshotStatements } from './node-statements';

const SNAPSHOT_TAG = 'lockstep:snapshots-of';

/** The volume of a node that outlives it, with a snapshot each night. */
export function nodeVolume(stack: Stack, node: string, availabilityZone: string): Volume {
  const volume = new Volume(stack, 'Volume', {
    availabilityZone,
    size: Size.gibibytes(20),
    encrypted: true,
    volumeType: EbsDeviceVolumeType.GP3,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  Tags.of(volume).add(SNAPSHOT_TAG, node);
  Tags.of(volume).add('Name', `${node}-data`);
  Validations.of(volume).acknowledge({
    id: 'CloudFormation-Validate::W3010',
    reason: 'Zones are named so that synthesis needs no account',
  });
  new CfnLifecyclePolicy(stack, 'Snapshots', {
    description: `Nightly snapshots of ${node}`,
    executionRoleArn: snapshotRole(stack).roleArn,
    state: 'ENABLED',
    policyDetails: {
      policyType: 'EBS_SNAPSHOT_MANAGEMENT',
      resourceTypes: ['VOLUME'],
      targetTags: [{ key: SNAPSHOT_TAG, value: node }],
      schedules: [
        {
          name: 'nightly',
          copyTags: true,
          createRule: { interval: 24, intervalUnit: 'HOURS', times: ['03:00'] },
          retainRule: { count: 7 },
        },
      ],
    },
  });
  return volume;
}

function snapshotRole(stack: Stack): Role {
  const { statements, wildcards } = snapshotStatements();
  const role = new Role(stack, 'SnapshotRole', {
    assumedBy: new ServicePrincipal('dlm.amazonaws.com'),
    inlinePolicies: { Snapshots: new PolicyDocument({ statements }) },
  });
  Validations.of(role).acknowledge(
    ...wildcards.map((resource) => ({
      id: `AwsSolutions-IAM5[Resource::${resource}]`,
      reason: 'The policy chooses the volume by its tag, EC2 the id of a snapshot',
    })),
  );
  return role;
}
