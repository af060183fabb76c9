import type { Fault } from '../../contract';
import type { Artefacts } from '../artefacts';
import { INSTANCE_CAPACITY, placesOn } from '../flow/capacity/instance-types';
import { record } from '../flow/capacity/template-values';
import type { ProofResult } from '../proof';
import { unless, type Wrong, wrongAt } from '../wrong';
import { type CheckCapacity, launchedTypes, type TemplateCheck, templateChecks } from './template';

/**
 * The cluster of a check costs nothing while nobody checks, has an instance for each combination that runs at the same
 * time, and a task fits on an instance of each type. A task without a place would wait for its deadline.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/managed-scaling-behavior.html
 */
export function checkRoomFaults(artefacts: Artefacts): ProofResult {
  const checks = templateChecks(artefacts);
  return {
    checked: checks.reduce((sum, { capacities }) => sum + 4 * capacities.length, 0),
    findings: checks.flatMap((check) => check.capacities.flatMap((one) => capacityFaults(check, one))),
  };
}

function capacityFaults({ entry, spec }: TemplateCheck, capacity: CheckCapacity): readonly Fault[] {
  const { group, provider, instanceType } = capacity;
  const ofGroup = record(provider.properties.AutoScalingGroupProvider);
  const scaling = record(ofGroup.ManagedScaling).Status;
  // Without it, an instance is there only where somebody asks for it, and stays when nobody does.
  const managed: readonly Wrong[] = unless(
    scaling === 'ENABLED',
    `managed scaling ${String(scaling ?? 'that nobody switched on')}`,
    'ENABLED: ECS brings an instance for a task, and takes it away',
  );
  const launched = launchedTypes(capacity);
  const type = INSTANCE_CAPACITY[instanceType];
  const fits = type && placesOn(type, spec.task).places > 0;
  return [
    ...wrongAt(provider.path, 'let ECS scale the group', managed),
    ...wrongAt(
      group?.path ?? provider.path,
      `let the group have none while nothing runs, and ${entry.maxParallel} of ${instanceType}`,
      [
        ...unless(
          group !== undefined && Number(group.properties.MinSize) === 0,
          `at least ${String(group?.properties.MinSize ?? 'an unknown number of')} instances`,
          'none while nobody checks: instances with GPUs cost by the second',
        ),
        ...unless(
          Number(group?.properties.DesiredCapacity ?? 0) === 0,
          `${String(group?.properties.DesiredCapacity)} instances from the start`,
          'none: ECS asks for those that it needs',
        ),
        ...unless(
          Number(group?.properties.MaxSize ?? 0) >= entry.maxParallel,
          `at most ${String(group?.properties.MaxSize ?? 0)} instances`,
          `${entry.maxParallel}: so many combinations run at the same time`,
        ),
        ...unless(
          launched.length === 1 && launched[0] === instanceType,
          launched.join(', '),
          `${instanceType} alone, which people choose by this provider`,
        ),
        ...unless(
          fits === true,
          `a task of ${spec.task.gpus} GPU, ${spec.task.cpu} CPU units and ${spec.task.memoryMib} MiB on ${instanceType}`,
          'a task that fits on an instance of the type',
        ),
      ],
    ),
  ];
}
