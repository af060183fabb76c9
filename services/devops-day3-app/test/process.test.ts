import { deepEqual, equal, match } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

interface Line {
  readonly event: string;
  readonly port?: number;
}

/** Starts a program of the service with these variables and no others. */
function start(program: 'main' | 'probe', env: Record<string, string>): ChildProcess {
  const file = fileURLToPath(new URL(`../src/${program}.js`, import.meta.url));
  return spawn(process.execPath, [file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The lines that it logs, one after the other. */
function linesOf(child: ChildProcess): AsyncIterator<string> {
  if (!child.stdout) throw new Error('no output');
  return createInterface({ input: child.stdout })[Symbol.asyncIterator]();
}

async function next(lines: AsyncIterator<string>): Promise<Line> {
  const { value, done } = await lines.next();
  if (done) throw new Error('the service said no more');
  return JSON.parse(value) as Line;
}

async function codeOf(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, 'exit');
  return code;
}

test('on SIGTERM it is not ready any more, still answers, and ends with 0', async (context) => {
  const child = start('main', { PORT: '0', DRAIN_SECONDS: '1', APP_VERSION: '7' });
  context.after(() => child.kill('SIGKILL'));
  const lines = linesOf(child);
  const { event, port } = await next(lines);
  equal(event, 'listening');
  const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  deepEqual([await statusOf('/readyz'), await statusOf('/')], [200, 200]);
  equal((await next(lines)).event, 'request');

  const ended = codeOf(child);
  child.kill('SIGTERM');
  equal((await next(lines)).event, 'ending');
  deepEqual([await statusOf('/readyz'), await statusOf('/')], [503, 200]);
  equal((await next(lines)).event, 'request');
  equal((await next(lines)).event, 'ended');
  equal(await ended, 0);
});

test('the probe ends with 0 while the service answers, and not when nothing does', async (context) => {
  const child = start('main', { PORT: '0', DRAIN_SECONDS: '0' });
  context.after(() => child.kill('SIGKILL'));
  const { port } = await next(linesOf(child));
  const env = { PORT: String(port) };
  equal(await codeOf(start('probe', env)), 0);
  const ended = codeOf(child);
  child.kill('SIGINT');
  equal(await ended, 0);
  equal(await codeOf(start('probe', env)), 1);
});

test('an unusable value stops the start with 2', async () => {
  const child = start('main', { PORT: 'http' });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text));
  equal(await codeOf(child), 2);
  match(said, /PORT: got "http"/);
});
