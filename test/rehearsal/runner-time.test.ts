import { readFileSync } from 'node:fs';
import { VirtualClock } from '../../rehearsal/clock';
import { Waiting } from '../../rehearsal/clock/waiting';
import { job, logOf, oneJob, removeRunnerFolders, REQUEST, results, runText } from './runner-harness';

afterAll(removeRunnerFolders);

describe('limits, cancellation, gates', () => {
  const HEARS = `process.on("SIGINT", () => { console.log("heard"); setTimeout(() => process.exit(0), 2000) }); setTimeout(() => {}, 3600e3)`;
  const cancelAt = (seconds: number) => ({
    before: (clock: VirtualClock) => ({ cancel: (listener: () => void) => clock.in(seconds, listener) }),
  });

  test('a step that takes too long fails, a job that does is cancelled', async () => {
    const late = await runText(
      oneJob(
        `
        - { id: slow, timeout-minutes: 5, run: exec sleep 1h }
        - { id: after, if: failure(), run: exec sleep 1h }
        - { id: last, if: cancelled(), run: echo end }
        `,
        'timeout-minutes: 30',
      ),
    );
    expect(late.step('one', 'slow').outcome).toBe('failure');
    expect(late.step('one', 'slow').annotations[0]?.message).toContain('has timed out after 5 minutes');
    expect(late.step('one', 'after').outcome).toBe('cancelled');
    expect(late.step('one', 'last').outcome).toBe('success');
    expect([late.job('one').result, late.seconds]).toEqual(['cancelled', 1801]);
    expect(late.job('one').annotations?.[0]?.message).toContain('exceeded the maximum execution time of 30m');
  });

  test('a process in the place of the shell hears of the cancellation and may finish', async () => {
    const run = await runText(
      `jobs:\n${job('deploy', '', `exec node -e '${HEARS}'`)}${job('beside', '')}${job('after', 'needs: deploy')}${job('cleans', 'needs: deploy\n    if: always()')}`,
      cancelAt(100),
    );
    expect(results(run)).toEqual({
      deploy: 'cancelled',
      beside: 'cancelled',
      after: 'skipped',
      cleans: 'success',
    });
    expect(run.job('deploy').steps[0]?.log[0]).toBe('heard');
    expect(run.job('deploy').endedAt - run.job('deploy').startedAt).toBe(102_000);
    expect(run.result.conclusion).toBe('cancelled');
  });

  test('a process behind a shell does not hear; the shell is terminated and the rest killed', async () => {
    const run = await runText(
      oneJob(`- { id: wait, run: "node -e '${HEARS.replaceAll('"', '\\"')}'; echo on" }`),
      cancelAt(100),
    );
    expect(run.step('one', 'wait')).toMatchObject({
      outcome: 'cancelled',
      log: ['##[error]The operation was canceled.'],
    });
    expect(run.seconds).toBeGreaterThanOrEqual(107.5);
    expect(run.seconds).toBeLessThanOrEqual(115);
  });

  test('of a matrix, what has not begun when the run is cancelled does not begin, and what always runs does', async () => {
    const run = await runText(
      `
jobs:
  check:
    strategy: { fail-fast: false, max-parallel: 1, matrix: { cell: [a, b, c] } }
    runs-on: ubuntu-24.04
    steps: [{ run: sleep 60 }]
  report:
    needs: check
    if: always() && needs.check.result == 'cancelled'
    runs-on: ubuntu-24.04
    steps: [{ run: 'true' }]
`,
      cancelAt(90),
    );
    expect(Object.fromEntries(run.result.jobs.map(({ id, result }) => [id, result]))).toEqual({
      'check (a)': 'success',
      'check (b)': 'cancelled',
      'check (c)': 'cancelled',
      report: 'success',
    });
    expect(run.job('check (c)').steps).toEqual([]);
  });

  test('a step that may run in a cancelled job goes on, for five minutes', async () => {
    const run = await runText(
      oneJob(`
        - { id: cleans, if: always(), run: exec sleep 1h }
        - { id: never, if: always(), run: echo never }
      `),
      cancelAt(100),
    );
    expect(run.job('one').result).toBe('cancelled');
    expect(run.job('one').steps.map(({ id }) => id)).toEqual(['cleans']);
    expect(run.seconds).toBe(400);
  });

  test.each([
    ['true', 'cancelled', 50],
    ['false', 'success', 100],
    [`"\${{ github.event_name == 'push' }}"`, 'cancelled', 50],
  ])('a later run ends this one with cancel-in-progress: %s: %s', async (cancel, result, seconds) => {
    const run = await runText(
      oneJob(
        `- run: exec sleep 100`,
        `concurrency: { group: 'g-\${{ github.ref }}', cancel-in-progress: ${cancel} }`,
      ),
      { before: (clock) => ({ supersede: (listener) => clock.in(50, listener) }) },
    );
    expect([run.job('one').result, Math.round(run.seconds)]).toEqual([result, seconds]);
  });

  test('a gate lets time pass, or refuses', async () => {
    const text = oneJob(`- run: 'true'`, 'environment: production');
    const open = await runText(text, { request: { gate: () => ({ opensAfterMinutes: 90 }) } });
    expect([open.result.conclusion, open.seconds]).toEqual(['success', 5401]);
    expect(open.events[0]).toMatchObject({ kind: 'jobWaits', environment: 'production' });
    const refused = await runText(text, { request: { gate: () => 'rejected' } });
    expect([refused.job('one').result, refused.job('one').steps]).toEqual(['failure', []]);
    const cancelled = await runText(text, {
      request: { gate: () => ({ opensAfterMinutes: 90 }) },
      ...cancelAt(60),
    });
    expect([cancelled.job('one').result, cancelled.seconds]).toEqual(['cancelled', 60]);
  });

  test('Ctrl-C ends everything at once', async () => {
    const stop = new AbortController();
    const running = runText(oneJob(`- run: sleep 1h & read -r line < <(tail -f /dev/null)`), {
      ports: { signal: stop.signal },
    });
    setTimeout(() => stop.abort(), 200);
    await expect(running).rejects.toMatchObject({ code: 'Interrupted' });
  });
});

describe('virtual time in processes', () => {
  test('dates, timers and promises agree, and pauses are the same each time', async () => {
    const script = `
      import { setTimeout as wait } from 'node:timers/promises';
      const begin = Date.now(); const order = [];
      setTimeout(() => order.push('b'), 20); setTimeout(() => order.push('a'), 10);
      const each = setInterval(() => order.push('i'), 7); const cleared = setTimeout(() => order.push('x'), 5);
      clearTimeout(cleared); setTimeout(() => order.push('never'), 1e9).unref();
      await wait(22); clearInterval(each);
      const gone = await wait(1e6, 0, { signal: AbortSignal.timeout(500) }).catch(({ name }) => name);
      await wait(3600e3 - 522);
      console.log(order.join(''), gone, Date.now() - begin, new Date().toISOString(), performance.now(), Math.random().toFixed(3));
    `;
    const text = oneJob(
      `- run: exec node --input-type=module -e "$SCRIPT"`,
      `env: { SCRIPT: ${JSON.stringify(script)} }`,
    );
    const runs = [await runText(text), await runText(text)].map(
      ({ result }) => result.jobs[0]?.steps[0]?.log[0],
    );
    expect(runs[0]).toMatch(/^iaibi AbortError 3600000 2026-11-20T13:00:00\.000Z 3600000 0\.\d{3}$/);
    expect(runs[1]).toBe(runs[0]);
  });

  test('an answer that is awaited holds time, whatever timers are pending', async () => {
    const script = `
      const { createServer } = require('node:http');
      const server = createServer((_, response) => { const end = process.hrtime.bigint() + 50_000_000n;
        const tick = () => process.hrtime.bigint() > end ? response.end('late') : setImmediate(tick); tick(); });
      server.listen(0, '127.0.0.1', async () => {
        const limit = setTimeout(() => console.log('timed out'), 30_000); const begin = Date.now();
        const text = await (await fetch('http://127.0.0.1:' + server.address().port)).text();
        console.log(text, Date.now() - begin); clearTimeout(limit); process.exit(0);
      });
    `;
    const { result } = await runText(
      oneJob(`- run: exec node -e "$SCRIPT"`, `env: { SCRIPT: ${JSON.stringify(script)} }`),
    );
    expect(result.jobs[0]?.steps[0]?.log).toEqual(['late 0']);
  });

  test('what is left in the background is killed', async () => {
    const left = await runText(oneJob(`- run: sleep 1d > /dev/null & echo started`));
    expect([left.result.conclusion, left.seconds < 3600]).toEqual(['success', true]);
  });

  /** Whether it still does something: a process that nobody has buried yet does not. */
  const runs = (pid: number): boolean => {
    try {
      return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };

  test('what has left the group of its step is killed when the job ends', async () => {
    // A group of its own, without the streams of the step, and deaf to the clock.
    const script = [
      'exec node -e "',
      "const child = require('node:child_process')",
      "  .spawn('/bin/sleep', ['600'], { detached: true, stdio: 'ignore' });",
      'child.unref(); console.log(child.pid); process.exit(0)"',
    ].join(' ');
    const { step } = await runText(oneJob(`- { id: out, run: ${JSON.stringify(script)} }`));
    const pid = Number(logOf(step('one', 'out')));
    expect(pid).toBeGreaterThan(1);
    for (let tries = 0; runs(pid) && tries < 50; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(runs(pid)).toBe(false);
  });

  test.each([
    ['connection', `require('node:net').connect(443, '192.0.2.1')`],
    ['lookup', `require('node:dns').lookup('sts.amazonaws.com', (e) => { throw e })`],
    ['lookup', `new (require('node:dns').Resolver)().resolve4('aws.example', (e) => { throw e })`],
    ['lookup', `new (require('node:dns').promises.Resolver)().resolve4('aws.example')`],
    ['datagram', `require('node:dgram').createSocket('udp4').send('x', 53, '192.0.2.1')`],
    ['connection', `fetch('https://192.0.2.1').catch((e) => { throw e.cause })`],
  ])('no %s leaves this machine: %s', async (kind, code) => {
    const { step, violations } = await runText(
      oneJob(`- { id: out, env: { CODE: ${JSON.stringify(code)} }, run: 'exec node -e "$CODE"' }`),
    );
    expect(step('one', 'out').outcome).toBe('failure');
    expect(logOf(step('one', 'out'))).toContain('ERR_NOT_LOOPBACK');
    expect(violations).toEqual([expect.stringContaining(kind)]);
  });

  test('time passes to the earliest wait, and only while nobody works', async () => {
    const clock = new VirtualClock();
    const begin = clock.now();
    const waiting = new Waiting(clock);
    const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
    const said: string[] = [];
    const waiter = (name: string) => ({
      answer: () => said.push(`${name} ${(clock.now() - begin) / 1_000}`),
    });
    const [first, second, third] = [waiter('first'), waiter('second'), waiter('third')];
    waiting.hears(third, { kind: 'rests' });
    waiting.hears(second, { kind: 'runs' });
    waiting.hears(first, { kind: 'waits', until: begin + 100_000 });
    await settle();
    expect(said).toEqual([]);
    waiting.hears(second, { kind: 'waits', until: begin + 30_000 });
    await settle();
    expect(said).toEqual(['second 30']);
    waiting.leaves(second);
    await settle();
    expect(said).toEqual(['second 30', 'first 100']);
  });

  test('the clock steps on whole seconds, after what is due', async () => {
    const clock = new VirtualClock();
    const begin = clock.now();
    const seen: string[] = [];
    clock.onStep((now) => seen.push(`step ${now - begin}`));
    clock.in(1.5, () => seen.push(`due ${clock.now() - begin}`));
    clock.in(2, () => seen.push(`due ${clock.now() - begin}`));
    await clock.sleep(700);
    await clock.sleep(700);
    clock.pass(1);
    expect(seen).toEqual(['step 1000', 'due 1500', 'due 2000', 'step 2000']);
  });
});

describe('OIDC tokens', () => {
  const asks = (permissions: string): string =>
    oneJob(
      `- { id: asks, run: 'exec node -e "$ASK"' }`,
      `permissions: ${permissions}\nenvironment: staging\nenv: { ASK: ${JSON.stringify(
        `const e = process.env; console.log(String(e.ACTIONS_ID_TOKEN_REQUEST_URL).slice(0, 17));
         fetch(e.ACTIONS_ID_TOKEN_REQUEST_URL + '&audience=sts.amazonaws.com', { headers: { authorization: 'bearer ' + e.ACTIONS_ID_TOKEN_REQUEST_TOKEN } })
           .then((r) => r.json()).then(({ value }) => require('node:fs').appendFileSync(e.GITHUB_OUTPUT, 'token=' + value + '\\n'))`,
      )} }`,
    );

  test.each([
    ['legacy', 'repo:octo-org/ml-platform:environment:staging'],
    ['immutable', 'repo:octo-org@123456/ml-platform@456789:environment:staging'],
  ] as const)('a job with id-token: write gets one, %s', async (subjectForm, subject) => {
    const { step, tokens, clock } = await runText(asks('{ id-token: write }'), { request: { subjectForm } });
    const token = step('one', 'asks').outputs.token ?? '';
    expect(tokens.read(token)).toEqual({
      issuer: 'token.actions.githubusercontent.com',
      claims: expect.objectContaining({
        sub: subject,
        aud: 'sts.amazonaws.com',
        environment: 'staging',
        repository_id: '456789',
        job_workflow_ref: 'octo-org/ml-platform/.github/workflows/test.yml@refs/heads/main',
        sha: REQUEST.sha,
        run_id: '1001',
      }),
    });
    const [header, payload, signature] = token.split('.');
    const forged = Buffer.from(
      String(Buffer.from(payload ?? '', 'base64url')).replace('staging', 'production'),
    );
    for (const wrong of [`${header}.${forged.toString('base64url')}.${signature}`, `${token}x`, 'junk']) {
      expect(() => tokens.read(wrong)).toThrow(expect.objectContaining({ type: 'InvalidIdentityToken' }));
    }
    clock.pass(300);
    expect(() => tokens.read(token)).toThrow(expect.objectContaining({ type: 'ExpiredTokenException' }));
  });

  test.each([
    ['a job without it', '{ contents: read }', {}],
    [
      'a job of a pull request of a fork',
      '{ id-token: write }',
      { event: 'pull_request', ref: 'refs/pull/7/merge', fromFork: true },
    ],
  ] as const)('%s cannot ask', async (_, permissions, request) => {
    const text = `on: [push, pull_request]\n${asks(permissions)}`;
    const { step } = await runText(text, { request });
    expect(step('one', 'asks')).toMatchObject({ outcome: 'failure', outputs: {} });
    expect(step('one', 'asks').log[0]).toBe('undefined');
  });
});
