import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { z } from 'zod';

const CODE = readFileSync(join(__dirname, '../../../constructs/ecs-service/verification/handler.js'), 'utf8');

const answers: Readonly<Record<string, RequestListener>> = {
  '/good': (_request, response) => response.end('ok'),
  '/wrong': (_request, response) => response.writeHead(500).end(),
  '/moved': (_request, response) => response.writeHead(302, { location: '/good' }).end(),
  '/never': () => undefined,
};

let server: Server;
let origin: string;
let asked: string[];

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    // The second request of a path that is slow to start finds it ready.
    if (path === '/starting') response.writeHead(asked.length === 1 ? 503 : 200).end();
    else answers[path]?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  asked = [];
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const exported = z.object({ handler: z.custom<(event: unknown) => Promise<unknown>>() });

/** Runs the file as Lambda does: nothing but what Node.js 22 has, and its environment. */
function invoke(event: object, urls: Readonly<Record<string, string>>, changes = {}) {
  const lines: string[] = [];
  const exports = {};
  runInNewContext(CODE, {
    exports,
    fetch,
    AbortSignal,
    Date,
    setTimeout,
    console: { log: (line: string) => lines.push(line) },
    process: {
      env: { EXPECTED_STATUS: '200', LATENCY_MS: '5000', TRIES: '2', PAUSE_MS: '1', ...urls, ...changes },
    },
  });
  return { answer: exported.parse(exports).handler(event), lines };
}

const PRODUCTION = { listener: 'production' };
const HOOK = { lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT', executionId: 'x', executionDetails: {} };
const production = (path: string) => ({ PRODUCTION_URL: `${origin}${path}` });

test('the verification fits into a template', () => {
  expect(CODE.length).toBeLessThanOrEqual(4096);
});

describe('the pipeline asks', () => {
  test('and hears the status and the time of a good answer', async () => {
    await expect(invoke(PRODUCTION, production('/good')).answer).resolves.toEqual({
      passed: true,
      status: 200,
      milliseconds: expect.any(Number) as number,
      detail: expect.stringMatching(/^200 after \d+ ms$/) as string,
    });
    expect(asked).toEqual(['/good']);
  });

  test.each([
    ['/wrong', 500],
    ['/moved', 302],
  ])('%s is no good answer, however often', async (path, status) => {
    await expect(invoke(PRODUCTION, production(path)).answer).resolves.toMatchObject({
      passed: false,
      status,
      detail: expect.stringMatching(`^${status} after \\d+ ms; wanted 200 within 5000 ms$`) as string,
    });
    expect(asked).toEqual([path, path]);
  });

  test('an answer that comes too late is none', async () => {
    const { answer } = invoke(PRODUCTION, production('/never'), { LATENCY_MS: '40' });
    await expect(answer).resolves.toEqual({ passed: false, detail: 'no answer within 40 ms: too late' });
  });

  test('nobody listens', async () => {
    const { answer } = invoke(PRODUCTION, { PRODUCTION_URL: 'http://127.0.0.1:1/' });
    await expect(answer).resolves.toMatchObject({
      passed: false,
      detail: expect.stringMatching(/^no answer within 5000 ms: /) as string,
    });
  });

  test('a service that is slow to start passes once it answers in time', async () => {
    await expect(invoke(PRODUCTION, production('/starting')).answer).resolves.toMatchObject({ passed: true });
    expect(asked).toEqual(['/starting', '/starting']);
  });
});

describe('ECS asks', () => {
  test.each([
    ['/good', 'SUCCEEDED'],
    ['/wrong', 'FAILED'],
  ])('D04 the test listener, not that of the clients: %s is %s', async (path, hookStatus) => {
    const other = path === '/good' ? '/wrong' : '/good';
    const { answer, lines } = invoke(HOOK, { ...production(other), TEST_URL: `${origin}${path}` });
    await expect(answer).resolves.toEqual({ hookStatus });
    expect(new Set(asked)).toEqual(new Set([path]));
    // ECS shows no more than the status; the log says why.
    expect(lines.at(-1)).toContain(`${origin}${path}`);
  });
});

test('anything else is refused', async () => {
  await expect(invoke({}, production('/good')).answer).rejects.toThrow(/names neither/);
});
