import type { Fault } from '../../../contract';
import type { TaskSize } from './instance-types';
import type { CountedService } from './services';
import { mayStep } from './update';

/** A service on AWS Fargate, as its template makes it. */
export interface FargateService extends CountedService {
  readonly launch: 'fargate';
}

/**
 * Quota that tasks of Fargate count against, in vCPUs of all that run at once in an account and region.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
 */
const FARGATE_QUOTA = { code: 'L-3032A538', name: 'Fargate On-Demand vCPU resource count' } as const;

const GIB = 1024;

/**
 * Memory that Fargate offers beside CPU units, in MiB, copied from the page of AWS and not from the platform's rules.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const FARGATE_MEMORY: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [GIB / 2, GIB, 2 * GIB]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16_384, steps(32, 120, 8)],
]);

function steps(from: number, to: number, by: number): readonly number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => (from + index * by) * GIB);
}

/** What is wrong with the tasks of a service on Fargate, or with the room that its updates leave. */
export function fargateFaults(service: FargateService): readonly Fault[] {
  const { resource, size, tasks, strategy, minimumHealthyPercent, maximumPercent } = service;
  const counts = Array.from(
    { length: Math.max(0, tasks.max - Math.max(1, tasks.min) + 1) },
    (_, index) => tasks.max - index,
  );
  // Fargate has a place for every task; only the percentages can leave an update without a first step.
  const stuck = counts.filter((count) => !mayStep(service, count, Number.MAX_SAFE_INTEGER));
  return [
    ...sizeFaults(resource.path, size),
    ...(strategy === 'ROLLING' && stuck.length > 0
      ? [
          {
            place: resource.path,
            value: `a rolling update of ${stuck.join(' or ')} tasks may stop none (minimum ${minimumHealthyPercent} %) and start none (maximum ${maximumPercent} %)`,
            allowed:
              'room for the first step of an update at every number of tasks that the service may have',
            change: 'raise maximumPercent or lower minimumHealthyPercent',
          },
        ]
      : []),
  ];
}

function sizeFaults(place: string, { gpus, cpu, memoryMib }: TaskSize): readonly Fault[] {
  const fault = (value: string, allowed: string): Fault => ({
    place,
    value,
    allowed,
    change: 'choose CPU and memory of the task among the sizes of Fargate',
  });
  const memory = FARGATE_MEMORY.get(cpu);
  return [
    ...(gpus > 0 ? [fault(`a task on Fargate that asks for ${gpus} GPU`, 'no GPU: Fargate has none')] : []),
    ...(memory
      ? []
      : [fault(`a task with ${cpu} CPU units`, `${[...FARGATE_MEMORY.keys()].join(', ')} CPU units`)]),
    ...(memory && !memory.includes(memoryMib)
      ? [fault(`a task with ${cpu} CPU units and ${memoryMib} MiB`, `${memory.join(', ')} MiB beside them`)]
      : []),
  ];
}

/** Most tasks that run at once: during an update of the most that autoscaling may choose. */
export const peakTasks = ({ strategy, tasks, maximumPercent }: CountedService): number =>
  strategy === 'ROLLING'
    ? Math.max(tasks.max, Math.floor((tasks.max * maximumPercent) / 100))
    : 2 * tasks.max;

/** vCPUs that each account and region must be allowed. */
export function fargateQuotas(services: readonly FargateService[]): readonly string[] {
  const parts = new Map<string, { vcpus: number; sums: string[] }>();
  for (const service of services) {
    const { resource, size, tasks, strategy } = service;
    const where = `account ${resource.account}, ${resource.region}`;
    const part = parts.get(where) ?? { vcpus: 0, sums: [] };
    const [peak, each] = [peakTasks(service), size.cpu / 1024];
    parts.set(where, {
      vcpus: part.vcpus + peak * each,
      sums: [
        ...part.sums,
        `${resource.path} ${peak} tasks with ${each}, while ${strategy} updates ${tasks.max} of them`,
      ],
    });
  }
  return [...parts].map(
    ([where, { vcpus, sums }]) =>
      `quota needed in ${where}: ${vcpus} vCPUs of "${FARGATE_QUOTA.name}" (${FARGATE_QUOTA.code}): ${sums.join('; ')}`,
  );
}
