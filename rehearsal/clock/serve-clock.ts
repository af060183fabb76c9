import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CLOCK_VARIABLE, type ClockSettings, type Word } from './settings';
import { TimeFile } from './time-file';
import type { VirtualClock } from './virtual-clock';
import { Waiting } from './waiting';

export interface ClockServiceOptions {
  readonly clock: VirtualClock;
  /** File of `writeClockPreload`. */
  readonly preload: string;
  /** A folder for what the processes read and write; exists. */
  readonly folder: string;
  /** Of `Math.random` in the processes. @default 1 */
  readonly seed?: number;
}

/** Virtual time for the processes of a job. */
export interface ClockService {
  /** For the environment of each process. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Stops time where it is until a process reacts, at most one real second.
   *
   * @param ended resolves when the process that is to react has ended
   */
  interrupt(ended: Promise<unknown>): void;
  /** Counts everything that processes said. */
  said(): number;
  /** Attempts to reach something that is not on this machine. */
  violations(): readonly string[];
  close(): Promise<void>;
}

/** Lets the processes of jobs live by the clock. They reach it on loopback. */
export async function serveClock(options: ClockServiceOptions): Promise<ClockService> {
  const { clock, preload, folder, seed = 1 } = options;
  const time = new TimeFile(join(folder, 'now'), clock.now());
  clock.onMove((now) => time.write(now));
  const violations = join(folder, 'violations');
  writeFileSync(violations, '');
  const waiting = new Waiting(clock);
  const sockets = new Set<Socket>();
  const server = createServer((socket) => listen(socket, waiting, sockets));
  const port = await portOf(server);
  const settings: ClockSettings = { port, now: time.path, violations, seed };
  return {
    environment: { NODE_OPTIONS: `--require=${quoted(preload)}`, [CLOCK_VARIABLE]: JSON.stringify(settings) },
    interrupt: (ended) => waiting.interrupt(ended),
    said: () => waiting.said,
    violations: () => linesOf(violations),
    close: () =>
      new Promise((resolve) => {
        time.close();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function listen(socket: Socket, waiting: Waiting, sockets: Set<Socket>): void {
  const waiter = { answer: () => void socket.write('.') };
  sockets.add(socket);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  // Without waiting for `close`, which comes some turns later.
  socket.on('end', () => waiting.leaves(waiter));
  socket.on('close', () => {
    sockets.delete(socket);
    waiting.leaves(waiter);
  });
  const lines = createInterface({ input: socket });
  lines.on('line', (line) => waiting.hears(waiter, JSON.parse(line) as Word));
  // It passes the errors of its stream on: a process that was killed resets its connection.
  lines.on('error', () => socket.destroy());
}

const portOf = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** @see https://nodejs.org/docs/latest-v20.x/api/cli.html#node_optionsoptions */
const quoted = (path: string): string => `"${path.replace(/["\\]/g, String.raw`\$&`)}"`;

function linesOf(file: string): readonly string[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => String(JSON.parse(line)));
}
