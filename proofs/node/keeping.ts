import type { Fault } from '../../contract';
import type { Artefacts, Resource } from '../artefacts';
import type { ProofResult } from '../proof';
import { list, record } from './document';
import { instancesOf } from './instance';
import { type Wrong, wrongAt } from './place';
import { nodesOf } from './spec';

/** What the pipeline and people need to go back to must outlive node and stack. */
const RETAINS: ReadonlySet<string | undefined> = new Set(['Retain', 'RetainExceptOnCreate', 'Snapshot']);

/**
 * The data of a node outlives it: the database of K3s, which knows every revision that one can go back to, and the
 * volumes of the pods lie on a volume of their own that is encrypted, retained and snapshotted.
 *
 * @see https://docs.k3s.io/datastore/backup-restore
 */
export function nodeKeepingFaults(artefacts: Artefacts): ProofResult {
  const { manifest, resources } = artefacts;
  const parts = nodesOf(manifest).flatMap((node) =>
    instancesOf(node, resources).map((instance) => volumeFaults(instance, resources)),
  );
  return { checked: parts.length * 4, findings: parts.flat() };
}

function volumeFaults(instance: Resource, resources: readonly Resource[]): readonly Fault[] {
  const here = resources.filter(({ stack }) => stack === instance.stack);
  const attached = here.filter(
    ({ type, properties }) =>
      type === 'AWS::EC2::VolumeAttachment' &&
      String(properties.InstanceId) === `<Ref ${instance.logicalId}>`,
  );
  const volumes = here.filter(
    ({ type, logicalId }) =>
      type === 'AWS::EC2::Volume' &&
      attached.some(({ properties }) => String(properties.VolumeId) === `<Ref ${logicalId}>`),
  );
  if (volumes.length === 0) {
    return wrongAt(instance.path, 'give the node a volume of its own for its data', [
      ['no volume beside the one that goes away with it', 'a data volume of the same template'],
    ]);
  }
  return volumes.flatMap((volume) => keptFaults(volume, here));
}

function keptFaults({ path, properties, removal }: Resource, here: readonly Resource[]): readonly Fault[] {
  const { deletion, replacement } = removal;
  const tags = list(properties.Tags).map(record);
  const snapshotted = here.some(
    ({ type, properties: policy }) =>
      type === 'AWS::DLM::LifecyclePolicy' &&
      policy.State === 'ENABLED' &&
      takes(record(policy.PolicyDetails), tags),
  );
  return wrongAt(path, 'keep the data of the node', [
    ...(properties.Encrypted === true
      ? []
      : [['a volume that is not encrypted', 'Encrypted: true'] as const]),
    ...(RETAINS.has(deletion) && RETAINS.has(replacement)
      ? []
      : [
          [
            `deleted with its stack: ${deletion ?? 'Delete'}, on replacement ${replacement ?? 'Delete'}`,
            'Retain, on deletion and replacement',
          ] as const,
        ]),
    ...(snapshotted
      ? []
      : [['no snapshots', 'a lifecycle policy that is enabled and takes its tags'] as const]),
  ]);
}

type Properties = Resource['properties'];

/** Whether a policy makes snapshots of volumes with such a tag, and keeps some. */
function takes(details: Properties, tags: readonly Properties[]): boolean {
  const wanted = list(details.TargetTags).map(record);
  const kept = list(details.Schedules).map((schedule) => record(record(schedule).RetainRule));
  return (
    list(details.ResourceTypes).includes('VOLUME') &&
    wanted.some((tag) => tags.some(({ Key, Value: value }) => Key === tag.Key && value === tag.Value)) &&
    kept.length > 0 &&
    kept.every(({ Count, Interval }) => Number(Count ?? Interval) >= 1)
  );
}

/**
 * The alarms of a node bring it back: what is wrong with the machine of AWS moves the instance to another one.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/cloudwatch-recovery.html
 */
export function nodeRecoveryFaults({ manifest, resources }: Artefacts): ProofResult {
  const nodes = nodesOf(manifest).flatMap((node) => instancesOf(node, resources));
  return {
    checked: nodes.length,
    findings: nodes.flatMap((instance) => {
      const recovers = resources.some(
        ({ type, stack, properties }) =>
          type === 'AWS::CloudWatch::Alarm' &&
          stack === instance.stack &&
          properties.MetricName === 'StatusCheckFailed_System' &&
          watches(properties, instance) &&
          list(properties.AlarmActions).some((action) => /:ec2:recover$/.test(String(action))),
      );
      const wrong: readonly Wrong[] = recovers
        ? []
        : [['no alarm that recovers it', 'an alarm on StatusCheckFailed_System with the action ec2:recover']];
      return wrongAt(instance.path, 'add the alarm: a node whose machine fails stays away without it', wrong);
    }),
  };
}

const watches = ({ Dimensions }: Properties, { logicalId }: Resource): boolean =>
  list(Dimensions)
    .map(record)
    .some(({ Name, Value: value }) => Name === 'InstanceId' && String(value) === `<Ref ${logicalId}>`);
