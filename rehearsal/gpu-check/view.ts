import { z } from 'zod';
import type { GpuCheckEntry } from '../../contract';
import type { EcsState, TaskDefinitionState, TaskState } from '../aws/ecs/state';
import type { World } from '../aws/world';
import type { VirtualClock } from '../clock/virtual-clock';

/** A GPU check in the emulated AWS. */
export interface CheckScene {
  readonly world: World;
  readonly clock: VirtualClock;
  readonly check: GpuCheckEntry;
}

/** What the rehearsal reads of the spec of a check. */
const specSchema = z.object({ cluster: z.string(), taskDefinitionFamily: z.string() });

type CheckSpec = z.infer<typeof specSchema>;

export const specOf = ({ spec }: GpuCheckEntry): CheckSpec => specSchema.parse(spec);

/** The cluster of a check as the emulated ECS has it. */
export interface CheckView {
  readonly state: EcsState;
  /** ARN. */
  readonly cluster: string;
  /** In the order in which they were run. */
  readonly tasks: readonly TaskState[];
  /** Every revision of the family. */
  readonly definitions: readonly TaskDefinitionState[];
}

/** @throws Error when no template has made the cluster */
export function viewOf({ world, check }: CheckScene): CheckView {
  const { state } = world.ecs;
  const { cluster: name, taskDefinitionFamily } = specOf(check);
  const { account } = check;
  const cluster = state.clusters.find((each) => each.account === account && each.name === name);
  if (!cluster) throw new Error(`no template makes the cluster ${name} in ${account}`);
  return {
    state,
    cluster: cluster.arn,
    tasks: state.tasks.filter((task) => task.cluster === cluster.arn),
    definitions: state.taskDefinitions.filter(
      (each) => each.account === account && each.family === taskDefinitionFamily,
    ),
  };
}
