import { readFileSync, writeFileSync } from 'node:fs';

/** Where a measured process leaves its phases behind. */
export const PHASES_VARIABLE = 'BENCH_PHASES';

/** A part of a measured process, in milliseconds. */
export interface Phase {
  readonly wall: number;
  /** CPU time of all threads, and of the child processes that ended meanwhile. */
  readonly cpu: number;
}

/** What a measured process says of itself. */
export interface PhaseReport<Name extends string, Counts> {
  readonly phases: Readonly<Record<Name, Phase>>;
  /** Numbers of the things that were worked on. */
  readonly counts: Counts;
}

export interface PhaseClock<Name extends string, Counts> {
  during<T>(name: Name, work: () => T | Promise<T>): Promise<T>;
  write(counts: Counts): void;
}

export function phaseClock<Name extends string, Counts>(): PhaseClock<Name, Counts> {
  const phases: Partial<Record<Name, Phase>> = {};
  return {
    async during(name, work) {
      const [wall, cpu] = [performance.now(), cpuMilliseconds()];
      const result = await work();
      phases[name] = { wall: performance.now() - wall, cpu: cpuMilliseconds() - cpu };
      return result;
    },
    write(counts) {
      const file = process.env[PHASES_VARIABLE];
      if (file) writeFileSync(file, JSON.stringify({ phases, counts }));
    },
  };
}

/** Linux counts in hundredths of a second here, whatever the kernel's own clock is. */
const MILLISECONDS_PER_TICK = 10;
/** Fields 16 and 17, counted from the one behind the name of the program. */
const CHILDREN = { user: 13, system: 14 } as const;

function cpuMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000 + childrenMilliseconds();
}

/**
 * Node tells the CPU time of a process without its children. Elsewhere than on Linux they are left out.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function childrenMilliseconds(): number {
  if (process.platform !== 'linux') return 0;
  const [, fields = ''] = readFileSync('/proc/self/stat', 'utf8').split(/\) (?=[^)]*$)/);
  const ticks = fields.split(' ').map(Number);
  return ((ticks[CHILDREN.user] ?? 0) + (ticks[CHILDREN.system] ?? 0)) * MILLISECONDS_PER_TICK;
}
