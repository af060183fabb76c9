import { deepEqual, equal } from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, suite, test } from 'node:test';
import { createApp } from '../src/app.js';

suite('the app', () => {
  const lines: { readonly event: string; readonly fields: object | undefined }[] = [];
  let ending = false;
  const server = createServer(
    createApp({
      version: '1.2.3',
      log: (event, fields) => lines.push({ event, fields }),
      clock: () => 0,
      isEnding: () => ending,
    }),
  );
  const ask = async (path: string, method = 'GET') => {
    const { port } = server.address() as AddressInfo;
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    return { response, status: response.status, text: await response.text() };
  };

  before(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    lines.length = 0;
    ending = false;
  });

  test('says which version it is', async () => {
    const { response, status, text } = await ask('/');
    equal(status, 200);
    deepEqual(JSON.parse(text), { service: 'devops-day3-app', version: '1.2.3' });
    equal(response.headers.get('content-type'), 'application/json');
  });

  test('is alive and ready, until it is told to end: then it is alive only', async () => {
    equal((await ask('/healthz')).status, 200);
    equal((await ask('/readyz')).status, 200);
    ending = true;
    equal((await ask('/healthz')).status, 200);
    const { response, status } = await ask('/readyz');
    equal(status, 503);
    equal(response.headers.get('connection'), 'close');
  });

  test('answers HEAD without a body, and refuses other methods and paths', async () => {
    deepEqual(await ask('/', 'HEAD').then(({ status, text }) => [status, text]), [200, '']);
    const { response, status } = await ask('/', 'POST');
    deepEqual([status, response.headers.get('allow')], [405, 'GET, HEAD']);
    equal((await ask('/other')).status, 404);
    equal((await ask('//x')).status, 404);
  });

  test('logs each request without its query, and no probe', { timeout: 10_000 }, async () => {
    await ask('/healthz');
    await ask('/readyz');
    await ask('/other?token=secret');
    // The client may have its answer before the service has closed the response.
    while (lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    deepEqual(lines, [
      { event: 'request', fields: { method: 'GET', path: '/other', status: 404, milliseconds: 0 } },
    ]);
  });
});
