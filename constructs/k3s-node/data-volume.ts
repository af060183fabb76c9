import { RemovalPolicy, type Size, Tags, Validations } from 'aws-cdk-lib';
import { CfnLifecyclePolicy } from 'aws-cdk-lib/aws-dlm';
import { EbsDeviceVolumeType, Volume } from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface DataVolumeProps {
  readonly availabilityZone: string;
  readonly size: Size;
  /** Tag of the node; the volume is found by it for snapshots. */
  readonly nodeTag: string;
  readonly keepSnapshots: number;
}

/** Tag of volumes of which snapshots are made. Its value is the tag of the node. */
export const SNAPSHOT_TAG = 'lockstep:snapshots-of';

/**
 * What a node must not lose: the database of K3s and all persistent volumes. It outlives node and stack, and a
 * snapshot of it is made each night.
 */
export class DataVolume extends Construct {
  readonly volumeId: string;

  constructor(scope: Construct, id: string, props: DataVolumeProps) {
    super(scope, id);
    const volume = new Volume(this, 'Volume', {
      availabilityZone: props.availabilityZone,
      size: props.size,
      encrypted: true,
      volumeType: EbsDeviceVolumeType.GP3,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Tags.of(volume).add(SNAPSHOT_TAG, props.nodeTag);
    Tags.of(volume).add('Name', `${props.nodeTag}-data`);
    Validations.of(volume).acknowledge({
      id: 'CloudFormation-Validate::W3010',
      reason: 'Zones are named so that synthesis needs no account; the node stands in the same one',
    });
    this.volumeId = volume.volumeId;
    new CfnLifecyclePolicy(this, 'Snapshots', {
      description: `Nightly snapshots of ${props.nodeTag}`,
      executionRoleArn: this.snapshotRole().roleArn,
      state: 'ENABLED',
      policyDetails: {
        policyType: 'EBS_SNAPSHOT_MANAGEMENT',
        resourceTypes: ['VOLUME'],
        targetTags: [{ key: SNAPSHOT_TAG, value: props.nodeTag }],
        schedules: [
          {
            name: 'nightly',
            copyTags: true,
            createRule: { interval: 24, intervalUnit: 'HOURS', times: ['03:00'] },
            retainRule: { count: props.keepSnapshots },
          },
        ],
      },
    });
  }

  /** @see https://docs.aws.amazon.com/ebs/latest/userguide/dlm-service-role.html */
  private snapshotRole(): Role {
    const snapshots = 'arn:aws:ec2:*::snapshot/*';
    const role = new Role(this, 'SnapshotRole', {
      assumedBy: new ServicePrincipal('dlm.amazonaws.com'),
      inlinePolicies: {
        Snapshots: new PolicyDocument({
          statements: [
            new PolicyStatement({
              actions: ['ec2:DescribeInstances', 'ec2:DescribeSnapshots', 'ec2:DescribeVolumes'],
              resources: ['*'],
            }),
            new PolicyStatement({
              actions: ['ec2:CreateSnapshot'],
              resources: ['arn:aws:ec2:*:*:volume/*', snapshots],
            }),
            new PolicyStatement({
              actions: ['ec2:DeleteSnapshot'],
              resources: [snapshots],
              // The service marks what it has made.
              conditions: { StringLike: { 'aws:ResourceTag/aws:dlm:lifecycle-policy-id': '*' } },
            }),
            new PolicyStatement({
              actions: ['ec2:CreateTags'],
              resources: [snapshots],
              conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshot' } },
            }),
          ],
        }),
      },
    });
    for (const [pattern, reason] of [
      ['*', 'IAM offers no resource type for what describes; the policy chooses volumes by tag'],
      [
        'arn:aws:ec2:*:*:volume/*',
        'The lifecycle policy chooses the volume by its tag; a snapshot changes nothing of it',
      ],
      [snapshots, 'EC2 chooses the id of a snapshot; only those that the service has made are deleted'],
    ] as const) {
      Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${pattern}]`, reason });
    }
    return role;
  }
}
