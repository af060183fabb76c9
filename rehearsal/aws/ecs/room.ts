/** What a task needs and an instance has. CPU in units of 1/1024 vCPU, memory in MiB. */
export interface Room {
  readonly cpu: number;
  readonly memory: number;
  readonly gpus: number;
}

export const NO_ROOM: Room = { cpu: 0, memory: 0, gpus: 0 };

export const plus = (a: Room, b: Room): Room => ({
  cpu: a.cpu + b.cpu,
  memory: a.memory + b.memory,
  gpus: a.gpus + b.gpus,
});

export const minus = (a: Room, b: Room): Room => ({
  cpu: a.cpu - b.cpu,
  memory: a.memory - b.memory,
  gpus: a.gpus - b.gpus,
});

export const fits = (need: Room, free: Room): boolean => shortOf(need, free) === undefined;

/** The first thing that there is too little of, as service events call it. */
export function shortOf(need: Room, free: Room): 'GPU resource' | 'CPU units' | 'memory' | undefined {
  if (need.gpus > free.gpus) return 'GPU resource';
  if (need.cpu > free.cpu) return 'CPU units';
  return need.memory > free.memory ? 'memory' : undefined;
}
