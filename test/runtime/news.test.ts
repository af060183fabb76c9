import { planPipelines } from '../../workflows';
import { deployJobName, ROLLBACK_STEP, rollbackJobName } from '../../contract';
import { buildPlatform } from '../../lib/build-platform';
import { jobToken } from '../../rehearsal/github/job-token';
import { figuresOf } from '../../runtime/delivery/figures';
import type { PastJob } from '../../runtime/delivery/past-job';
import platform from '../fixtures/sample-platform';
import { NewsWorld, ROLLBACK_JOB } from './news-world';

const FAILED = ['--deployment', 'failure', '--rollback', 'success'];
const SUCCEEDED = ['--deployment', 'success', '--rollback', 'skipped'];

let world: NewsWorld;
beforeEach(async () => {
  world = await new NewsWorld().start();
});
afterEach(() => world.stop());

/** Keys name the platform of the fixture. */
const keyOf = (world: NewsWorld) => world.told().incidents[0];

describe('notify', () => {
  test('D06 a deployment that failed is told by every channel, and opens an incident', async () => {
    const { code, summary } = await world.notify(FAILED);
    expect(code).toBe(0);
    expect(world.told()).toMatchObject({
      chat: ['slack: failure', 'pagerDuty: failure'],
      mail: ['kvs-infer was not deployed to staging'],
    });
    expect(keyOf(world)).toMatch(/\/kvs-infer\/staging$/);
    expect(summary).toContain('The way back succeeded: what ran before runs.');
  });

  test.each([
    [['--deployment', 'failure', '--rollback', 'failure'], 'The way back failed too'],
    [['--deployment', 'failure', '--rollback', 'skipped'], 'Nothing led back'],
  ])('D06 it says what became of the way back: %j', async (options, says) => {
    await world.notify(options);
    expect(world.channels.state.messages[0]?.about).toContain(says);
  });

  test('D01 D06 the first success after a failure is told, and closes the incident', async () => {
    await world.notify(FAILED);
    world.ran([{ conclusion: 'failure' }]);
    const { code } = await world.notify(SUCCEEDED);
    expect(code).toBe(0);
    expect(world.told()).toEqual({
      chat: ['slack: failure', 'pagerDuty: failure', 'slack: recovery', 'pagerDuty: recovery'],
      mail: ['kvs-infer was not deployed to staging', 'kvs-infer in staging is well again'],
      incidents: [],
    });
  });

  test('D06 runs whose job was skipped or cancelled say nothing of the state before', async () => {
    world.ran([{ conclusion: 'failure' }]);
    world.ran([{ conclusion: 'cancelled' }]);
    world.ran([{ name: 'Build kvs-infer', conclusion: 'failure' }]);
    await world.notify(SUCCEEDED);
    expect(world.told().chat).toEqual(['slack: recovery', 'pagerDuty: recovery']);
  });

  test.each([
    ['a success', [{ conclusion: 'success' }]],
    ['nothing', []],
  ])('D06 a success after %s is no news', async (_, jobs) => {
    world.ran([{ conclusion: 'failure' }]);
    world.ran([{ conclusion: 'success' }]);
    world.ran(jobs);
    const { code, stdout } = await world.notify(SUCCEEDED);
    expect(code).toBe(0);
    expect(stdout).toContain('nothing to tell');
    expect(world.told()).toEqual({ chat: [], mail: [], incidents: [] });
  });

  test('D06 a run that is run again knows how its own first attempt ended', async () => {
    const id = world.ran([{ conclusion: 'failure' }]);
    const options = { GITHUB_RUN_ID: String(id), GITHUB_RUN_ATTEMPT: '2' };
    await world.run(['notify', 'kvs-infer', '--environment', 'staging', ...SUCCEEDED], options);
    expect(world.told().chat).toEqual(['slack: recovery', 'pagerDuty: recovery']);
  });

  test('D06 a deployment that was not started is no news, until its way back fails or something ran', async () => {
    const told = async (steps: readonly { name: string; conclusion: string }[], rollback: string) => {
      const id = world.ran([{ conclusion: 'failure', steps }]);
      const { code, stdout } = await world.run(
        ['notify', 'kvs-infer', '-e', 'staging', '--deployment', 'failure', '--rollback', rollback],
        { GITHUB_RUN_ID: String(id), GITHUB_RUN_ATTEMPT: '1' },
      );
      expect(code).toBe(0);
      return [stdout.includes('was not started: rejected or expired approval'), world.told().chat.length];
    };
    expect(await told([], 'success')).toEqual([true, 0]);
    expect(await told([], 'failure')).toEqual([false, 2]);
    expect(await told([{ name: 'Set up job', conclusion: 'failure' }], 'success')).toEqual([false, 4]);
  });

  test('D06 a deployment that was not started says nothing of the state before', async () => {
    world.ran([{ conclusion: 'failure' }]);
    world.ran([{ conclusion: 'success' }]);
    world.ran([{ conclusion: 'failure', steps: [] }]);
    const { stdout } = await world.notify(SUCCEEDED);
    expect(stdout).toContain('as the one before: nothing to tell');
  });

  test('D06 a deployment that was cancelled is no news', async () => {
    await world.notify(['--deployment', 'cancelled', '--rollback', 'skipped']);
    expect(world.told().chat).toEqual([]);
    expect(world.requests).toEqual([]);
  });

  test.each([
    ['success', 'slack: recovery', 'kvs-infer in staging was rolled back by hand'],
    ['failure', 'slack: failure', 'kvs-infer in staging could not be rolled back by hand'],
  ])('D06 a rollback by hand that ends with %s is told', async (result, told, subject) => {
    await world.notify(['--rollback', result]);
    expect(world.told().chat[0]).toBe(told);
    expect(world.told().mail).toEqual([subject]);
  });

  test('D06 a channel that fails keeps no other from telling, and turns the job red without showing the secret', async () => {
    world.channels.breakDown('slack');
    const { code, stdout, stderr, summary } = await world.notify(FAILED, { GITHUB_ACTIONS: 'true' });
    expect(code).toBe(1);
    expect(stdout).toContain('NoticeNotSent');
    expect(stdout).toContain('news');
    expect(stdout).toMatch(/Slack, by secret SLACK_WEBHOOK_URL of the environment staging/);
    expect(world.told()).toMatchObject({ chat: ['pagerDuty: failure'], mail: [expect.any(String)] });
    expect(`${stdout}${stderr}${summary}`).not.toMatch(/services\/hook|127\.0\.0\.1/);
  });

  test('D06 a channel that was busy is tried again', async () => {
    world.weather.push(503, 429);
    const { code } = await world.notify(FAILED, { GITHUB_TOKEN: '' });
    expect(code).toBe(0);
    expect(world.told().chat).toEqual(['slack: failure', 'pagerDuty: failure']);
  });

  test('D06 mail that is refused names the call, and a wrong key the secret', async () => {
    world.aws.faults.push({ action: /sns:Publish/, times: 9, kind: 'denied' });
    const { code, stdout, stderr } = await world.notify(FAILED, { PAGERDUTY_ROUTING_KEY: 'other' });
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toContain('sns:Publish');
    expect(`${stdout}${stderr}`).toContain('look whether the secret still stands for something at PagerDuty');
    expect(world.told().chat).toEqual(['slack: failure']);
  });

  test.each([
    ['', 'gh secret set SLACK_WEBHOOK_URL --env staging'],
    ['http://hooks.slack.com/services/x', 'no https address'],
    ['not an address', 'no https address'],
  ])('D06 the webhook %j is a fault also when there is no news', async (webhook, says) => {
    const { code, stdout, stderr } = await world.notify(['--deployment', 'cancelled'], {
      SLACK_WEBHOOK_URL: webhook,
    });
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toContain(says);
  });

  test('D06 PagerDuty is reached nowhere else but on this machine', async () => {
    const { code } = await world.notify(FAILED, { LOCKSTEP_PAGERDUTY_URL: 'https://example.com/enqueue' });
    expect(code).toBe(2);
    expect(world.told().chat).toEqual([]);
  });

  test.each([
    ['GitHub is down', {}, true],
    ['the job may not read runs', { GITHUB_TOKEN: jobToken({ contents: 'read' }) }, false],
    ['there is no token', { GITHUB_TOKEN: '' }, false],
  ])('D06 when %s, bad news is told and good news says that it could not tell', async (_, env, down) => {
    if (down) world.github.breakDown();
    expect((await world.notify(FAILED, env)).code).toBe(0);
    expect(world.told().chat).toEqual(['slack: failure', 'pagerDuty: failure']);
    const { code, stdout, stderr } = await world.notify(SUCCEEDED, env);
    expect(code).toBe(0);
    expect(`${stdout}${stderr}`).toContain('nobody was told whether staging is well again');
    expect(world.told().chat).toHaveLength(2);
  });

  test('without a result there is nothing to tell from', async () => {
    expect((await world.notify([])).code).toBe(2);
    expect((await world.notify(['--deployment', 'fine'])).code).toBe(2);
  });
});

describe('metrics', () => {
  const steps = (conclusion: string) => [{ name: `${ROLLBACK_STEP} the revision`, conclusion }];

  test('D07 deployments, success rate, duration, rollbacks, lead time and recovery come from the runs at GitHub', async () => {
    world.ran([{ conclusion: 'success', minutes: 4 }]);
    world.clock.pass(3_600);
    world.ran([{ conclusion: 'failure' }, { name: ROLLBACK_JOB, conclusion: 'success' }]);
    world.clock.pass(3_600);
    world.ran([{ conclusion: 'success', minutes: 8 }]);
    world.ran(
      [{ name: ROLLBACK_JOB, conclusion: 'success', steps: steps('success') }],
      'kvs-infer-rollback.yml',
    );
    world.ran(
      [{ name: ROLLBACK_JOB, conclusion: 'success', steps: steps('skipped') }],
      'kvs-infer-rollback.yml',
    );
    const { code, stdout } = await world.run(['metrics', '--environment', 'staging', '--json']);
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report.total).toEqual({
      deployments: 3,
      successRate: 2 / 3,
      meanDuration: 6 * 60_000,
      rollbacks: { automatic: 1, byHand: 1 },
      leadTime: 6 * 60_000,
      // The way back took five minutes, an hour passed, and the deployment took eight.
      timeToRecover: (5 + 60 + 8) * 60_000,
      notRecovered: 0,
    });
  });

  test('D07 the summary has a row for each environment and a chart of the days', async () => {
    world.ran([{ conclusion: 'success' }]);
    const { summary } = await world.run(['metrics', '--days', '3']);
    expect(summary).toContain('<code>kvs-infer in staging</code>');
    expect(summary).toContain('<code>kvs-infer in production</code>');
    expect(summary).toMatch(/```mermaid\nxychart-beta\n {2}x-axis \[("\d\d-\d\d"(, )?){4}\]\n/);
    expect(summary).toContain('bar [0, 0, 0, 1]');
  });

  test('D07 runs of other days are left out, and every page of those of the time is read', async () => {
    world.ran([{ conclusion: 'success' }]);
    world.clock.pass(8 * 86_400);
    for (let run = 0; run < 120; run += 1) world.ran([{ conclusion: 'success', minutes: 1 }]);
    const { stdout } = await world.run(['metrics', '--workload', 'kvs-infer', '-e', 'staging', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ total: { deployments: 120 } });
  });

  test('D07 jobs that never began, and runs of pull requests and forks, are no deployments', async () => {
    world.ran([{ conclusion: 'success' }]);
    world.ran([{ conclusion: 'failure', steps: [] }]);
    world.ran([{ conclusion: 'failure' }], undefined, { event: 'pull_request' });
    world.ran([{ conclusion: 'failure' }], undefined, { event: 'push', fromFork: true });
    const { stdout } = await world.run(['metrics', '-e', 'staging', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ total: { deployments: 1, successRate: 1 } });
  });

  test.each([
    ['notify', ['SLACK_WEBHOOK_URL', 'GITHUB_TOKEN', 'AWS refused a call']],
    ['metrics', ['GITHUB_TOKEN or GH_TOKEN', "GitHub's API refused a call"]],
  ])('%s --help names the variables that it reads, and whose API may refuse', async (command, says) => {
    const { stdout } = await world.run([command, '--help']);
    for (const text of says) expect(stdout).toContain(text);
    if (command === 'metrics') expect(stdout).not.toContain('AWS refused');
  });

  test('D07 without a token, or with one that may not read runs, the command says which', async () => {
    const none = await world.run(['metrics'], { GITHUB_TOKEN: '' });
    expect([none.code, none.stderr + none.stdout]).toEqual([
      2,
      expect.stringContaining('GithubTokenMissing'),
    ]);
    const poor = await world.run(['metrics'], { GITHUB_TOKEN: jobToken({ contents: 'read' }) });
    expect([poor.code, poor.stderr + poor.stdout]).toEqual([1, expect.stringContaining('actions: read')]);
    expect(poor.stderr + poor.stdout).not.toContain('ghs_');
  });

  test.each([
    ['--days', '0'],
    ['--days', 'week'],
    ['--workload', 'nobody'],
    ['--environment', 'nowhere'],
  ])('D07 %s %s is refused', async (option, value) => {
    expect((await world.run(['metrics', option, value])).code).toBe(2);
  });

  test('D07 failures in a row are one, and what nothing followed is not recovered', () => {
    const job = (succeeded: boolean, minute: number): PastJob => ({
      workload: 'shop',
      environment: 'staging',
      kind: 'deployment',
      succeeded,
      startedAt: (minute - 1) * 60_000,
      endedAt: minute * 60_000,
    });
    const figures = figuresOf([job(false, 30), job(true, 20), job(false, 12), job(false, 10)]);
    expect(figures).toMatchObject({ timeToRecover: 10 * 60_000, notRecovered: 1, successRate: 1 / 4 });
    expect(figures).not.toHaveProperty('leadTime');
    const skewed = { ...job(true, 5), startedAt: 6 * 60_000, committedAt: 7 * 60_000 };
    const ahead = { ...job(true, 5), committedAt: 3 * 60_000 };
    expect(figuresOf([skewed, ahead])).toMatchObject({ meanDuration: 60_000, leadTime: 2 * 60_000 });
    expect(figuresOf([skewed])).not.toHaveProperty('leadTime');
    expect(figuresOf([])).toEqual({
      deployments: 0,
      rollbacks: { automatic: 0, byHand: 0 },
      notRecovered: 0,
    });
  });
});

test('D06 D07 emitted workflows have the jobs and steps that earlier runs are read by', () => {
  const { manifest } = buildPlatform(platform);
  const plans = planPipelines(manifest);
  const names = new Set(plans.flatMap(({ jobs }) => jobs.map(({ name }) => name)));
  for (const { workload, environment } of manifest.targets) {
    expect(names).toContain(deployJobName(workload, environment));
    expect(names).toContain(rollbackJobName(workload, environment));
  }
  const byHand = plans.filter(({ file }) => file.endsWith('-rollback.yml'));
  const jobs = byHand.flatMap((plan) => plan.jobs.filter(({ name }) => name.startsWith('Roll back')));
  expect(jobs.length).toBeGreaterThan(4);
  for (const { steps } of jobs) {
    const led = steps.filter((step) => step.kind === 'command' && step.command.verb === 'rollback');
    const lists = led.filter(({ name }) => !name.startsWith(ROLLBACK_STEP));
    expect(lists.map(({ name }) => name)).toEqual(['List the stable revisions in the summary']);
  }
});
