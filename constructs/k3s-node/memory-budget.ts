import { isRouted, type K3sAppProps } from '../k3s-app';
import { FITTING_INSTANCE_TYPES, K3S_INSTANCE_TYPES } from './instance-types';

/**
 * Memory that a server with SQLite took beside a small workload, by the documents of K3s: 1596 MB. The measurement
 * had a monitoring stack beside it; operating system and agents live on what that took.
 *
 * @see https://docs.k3s.io/reference/resource-profiling
 */
export const K3S_OWN_MEMORY_MIB = Math.ceil((1_596 * 1_000_000) / 1_048_576);

/** Pods of one kind, at the moment of a deployment when most of them run. */
export interface PodMemory {
  /** Service, or `redis`. */
  readonly name: string;
  readonly pods: number;
  readonly requestMib: number;
  /** Why so many, such as `2 replicas, and 1 more while they are replaced`. */
  readonly because: string;
}

export type MemoryBudget =
  | { readonly fits: true; readonly pods: readonly PodMemory[]; readonly explanation: string }
  | {
      readonly fits: false;
      readonly pods: readonly PodMemory[];
      /** The arithmetic in words. */
      readonly explanation: string;
      /** MiB that the requests are above what is there. */
      readonly missingMib: number;
      /** Smallest instance type of the table on which they fit. @default - they fit on none */
      readonly fitsOn?: string;
    };

export type BudgetedApp = Pick<K3sAppProps, 'services' | 'redis' | 'strategy'>;

/**
 * What the pods of a workload request at most, beside K3s itself, against the memory of the node.
 *
 * @param instanceType One of `K3S_INSTANCE_TYPES`.
 */
export function memoryBudget(instanceType: string, app: BudgetedApp): MemoryBudget {
  const pods = podsOf(app);
  const requested = pods.reduce((sum, { pods: count, requestMib }) => sum + count * requestMib, 0);
  const memory = K3S_INSTANCE_TYPES[instanceType]?.memoryMib ?? 0;
  const free = Math.max(memory - K3S_OWN_MEMORY_MIB, 0);
  const explanation =
    `${instanceType} has ${memory} MiB, K3s itself needs ${K3S_OWN_MEMORY_MIB} MiB, ${free} MiB are left; ` +
    `pods request ${requested} MiB during a deployment: ${pods.map(inWords).join(', ')}`;
  if (requested <= free) return { fits: true, pods, explanation };
  const fitsOn = FITTING_INSTANCE_TYPES.find(
    (name) => (K3S_INSTANCE_TYPES[name]?.memoryMib ?? 0) - K3S_OWN_MEMORY_MIB >= requested,
  );
  return {
    fits: false,
    pods,
    explanation,
    missingMib: requested - free,
    ...(fitsOn === undefined ? {} : { fitsOn }),
  };
}

function podsOf(app: BudgetedApp): readonly PodMemory[] {
  return [
    ...app.services.map((service): PodMemory => {
      const { name, memory, autoscaler } = service;
      const most = autoscaler?.max ?? service.replicas;
      const replicas = `${most} ${most === 1 ? 'replica' : 'replicas'}`;
      return isRouted(app, service)
        ? {
            name,
            requestMib: memory.requestMib,
            pods: 2 * most,
            because: `${replicas} in each of two tracks`,
          }
        : {
            name,
            requestMib: memory.requestMib,
            pods: most + 1,
            because: `${replicas}, and 1 more while they are replaced`,
          };
    }),
    ...(app.redis
      ? [{ name: 'redis', requestMib: app.redis.memory.requestMib, pods: 1, because: '1 replica' }]
      : []),
  ];
}

const inWords = ({ name, pods, requestMib, because }: PodMemory): string =>
  `${name} ${pods} × ${requestMib} MiB (${because})`;
