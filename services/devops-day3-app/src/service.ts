import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { createApp } from './app.js';
import type { Log } from './log.js';
import type { Settings } from './settings.js';

/** For requests that still run when no new ones are taken. */
const FINISH_MILLISECONDS = 5000;
/**
 * Longer than an Application Load Balancer keeps an idle connection (60 seconds): were the service the first to close
 * it, a request that is just being sent would be answered with 502.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html#connection-idle-timeout
 */
const KEEP_ALIVE_MILLISECONDS = 65_000;

export interface Service {
  readonly port: number;
  /** Takes requests for a little while, lets those that run finish, and ends. `/readyz` answers 503 at once. */
  end(): Promise<void>;
}

/** Listens, and serves until it is ended. */
export async function startService(settings: Settings, log: Log): Promise<Service> {
  let ending = false;
  const app = createApp({
    version: settings.version,
    log,
    clock: () => performance.now(),
    isEnding: () => ending,
  });
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MILLISECONDS, requestTimeout: 15_000 }, app);
  const port = await listen(server, settings.port);
  log('listening', { port, version: settings.version });
  return {
    port,
    end: async () => {
      if (ending) return;
      ending = true;
      log('ending', { drainSeconds: settings.drainSeconds });
      await wait(settings.drainSeconds * 1000);
      await close(server);
      log('ended');
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** `close` ends idle connections by itself; those that are busy have until the time is up. */
function close(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    const patience = setTimeout(() => server.closeAllConnections(), FINISH_MILLISECONDS);
    server.close((error) => {
      clearTimeout(patience);
      if (error) reject(error);
      else resolve();
    });
  });
}
