import { GPU_INSTANCE_TYPES } from '../../../constructs/gpu-cluster';
import { INSTANCE_PRICES } from '../../../constructs/gpu-compatibility';
import { type Fault, gpuCheckJobMinutes } from '../../../contract';
import { duplicateFaults } from '../environment-rules';
import { outside } from '../faults';
import type { Surroundings } from '../kind';
import { type Environment, rollbackEnvironmentOf } from '../platform';
import type { GpuCheck } from './gpu-check';
import { matrixFaults } from './matrix-faults';

/** A new instance alone takes some minutes. */
const SHORTEST_TASK_MINUTES = 10;
/** @see https://docs.github.com/en/actions/reference/limits (six hours for a job on a hosted runner) */
const LONGEST_TASK_MINUTES = 360 - gpuCheckJobMinutes({ taskTimeoutMinutes: 0 });

/**
 * What a GPU check says that contradicts itself, the environments or the reviewed tables.
 *
 * @param place of the check
 */
export function gpuCheckFaults(check: GpuCheck, place: string, surroundings: Surroundings): readonly Fault[] {
  return [
    ...environmentFaults(check, `${place}.environment`, surroundings),
    ...check.instanceTypes.flatMap((type, index) => typeFaults(type, `${place}.instanceTypes[${index}]`)),
    ...duplicateFaults(check.instanceTypes, (index) => `${place}.instanceTypes[${index}]`, 'entry'),
    ...outside(
      check.taskTimeoutMinutes,
      SHORTEST_TASK_MINUTES,
      LONGEST_TASK_MINUTES,
      `${place}.taskTimeout`,
      'minutes',
    ),
    ...matrixFaults(check, place),
  ];
}

/** Its jobs run by schedule on the default branch, and nobody is there to approve them. */
function environmentFaults(
  { environment: name }: GpuCheck,
  place: string,
  { environments, defaultBranch }: Surroundings,
): readonly Fault[] {
  const environment = environments.find((candidate) => candidate.name === name);
  if (!environment) return [notFree(`"${name}"`, place, environments)];
  if (waits(environment))
    return [notFree(`"${name}", which waits for people or for its timer`, place, environments)];
  if (environment.branches.includes(defaultBranch)) return [];
  return [
    {
      place,
      value: `checks from branch "${defaultBranch}", which ${name} does not let in`,
      allowed: `branches ${environment.branches.join(', ') || 'none'}`,
      change: `add branch "${defaultBranch}" to deployFrom of ${name}`,
    },
  ];
}

function notFree(value: string, place: string, environments: readonly Environment[]): Fault {
  const free = environments.filter((environment) => !waits(environment)).map(({ name }) => `"${name}"`);
  return {
    place,
    value,
    allowed: `an environment that waits for nobody${free.length > 0 ? `: ${free.join(' or ')}` : ''}`,
    change:
      free.length > 0 ? 'choose one of these' : 'add an environment without reviewers and without waitTimer',
  };
}

const waits = (environment: Environment): boolean => rollbackEnvironmentOf(environment) !== environment.name;

/** Types that ECS runs GPUs on and whose price the report can tell. */
const TYPES = INSTANCE_PRICES.map(({ type }) => type).filter((type) =>
  Object.hasOwn(GPU_INSTANCE_TYPES, type),
);

function typeFaults(type: string, place: string): readonly Fault[] {
  if (TYPES.includes(type)) return [];
  return [
    {
      place,
      value: `"${type}"`,
      allowed: `a type whose GPU and price were reviewed: ${TYPES.join(', ')}`,
      change: 'choose one of these; `g4dn.xlarge` has one NVIDIA T4',
    },
  ];
}
