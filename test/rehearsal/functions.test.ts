import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { hookFunctions, listenerRules } from '../../rehearsal/aws/ecs-roles';
import { type Answer, runInline } from '../../rehearsal/aws/lambda/run-inline';
import { VirtualClock } from '../../rehearsal/clock/virtual-clock';
import {
  ACCOUNT,
  deployed,
  document,
  REGION,
  roleArn,
  roleResource,
  startEmulator,
  statement,
  stopEmulators,
  templateOf,
  TESTER,
} from './contract/emulator';

const HANDLER = readFileSync(join(__dirname, '../../constructs/ecs-service/verification/handler.js'), 'utf8');
const NOW = Date.UTC(2026, 10, 20);

afterAll(stopEmulators);

/** A function as a template makes it. */
const functionOf = (code: string, environment: Readonly<Record<string, string>> = {}, timeout = 60) => ({
  account: ACCOUNT,
  region: REGION,
  arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:tested`,
  name: 'tested',
  handler: 'index.handler',
  runtime: 'nodejs22.x',
  code,
  environment,
  timeout,
});

const run = (
  code: string,
  event: object = {},
  request: (url: string, at: number) => Answer = () => ({ kind: 'refused', reason: 'x', seconds: 0 }),
  environment: Readonly<Record<string, string>> = {},
) => runInline(functionOf(code, environment), event, { request }, NOW);

describe('inline code', () => {
  test.each([
    ['its answer', 'exports.handler = async ({ a }) => ({ b: a + 1 });', { ok: true, output: { b: 2 } }],
    ['an answer at once', 'exports.handler = () => 3;', { ok: true, output: 3 }],
    [
      'what it awaits in virtual time',
      'exports.handler = async () => { const t = Date.now(); await new Promise((go) => setTimeout(go, 9000)); return Date.now() - t; };',
      { ok: true, output: 9_000, seconds: 9 },
    ],
    [
      'a timer that it cleared',
      'exports.handler = () => new Promise((go) => { clearTimeout(setTimeout(() => go(1), 5)); setTimeout(() => go(2), 10); });',
      { ok: true, output: 2 },
    ],
    ['its error', "exports.handler = async () => { throw new Error('no'); };", { ok: false, reason: 'no' }],
    ['that it is no program', 'exports.handler = (', { ok: false, reason: /Unexpected token/ }],
    [
      'what it may not load',
      "require('node:fs'); exports.handler = () => 1;",
      { ok: false, reason: /Cannot find module 'node:fs'/ },
    ],
    [
      'that it computes for ever',
      'exports.handler = () => { for (;;); };',
      { ok: false, reason: /timed out/ },
    ],
    [
      'that it waits for nothing',
      'exports.handler = () => new Promise(() => {});',
      { ok: false, reason: /waits for nothing/ },
    ],
    [
      'that its time is over',
      'exports.handler = () => new Promise((go) => setTimeout(go, 61000));',
      { ok: false, reason: 'Task timed out after 60.00 seconds', seconds: 60 },
    ],
  ])('tells %s', (_, code, { ok, ...expected }) => {
    const { answer } = run(code, { a: 1 });
    const texts = Object.entries(expected).map(([key, value]) => [
      key,
      value instanceof RegExp ? (expect.stringMatching(value) as unknown) : value,
    ]);
    expect(answer).toMatchObject({ ok, ...Object.fromEntries(texts) });
  });

  test('nothing of this process is in reach', () => {
    const code = 'exports.handler = () => [typeof process.exit, typeof Buffer, typeof globalThis.host];';
    expect(run(code).answer).toMatchObject({ output: ['undefined', 'undefined', 'undefined'] });
  });
});

describe('the verification function of the stack', () => {
  const environment = {
    PRODUCTION_URL: 'http://balancer/healthz',
    TEST_URL: 'http://balancer:8080/healthz',
    EXPECTED_STATUS: '200',
    LATENCY_MS: '1000',
    TRIES: '5',
    PAUSE_MS: '3000',
  };
  const HOOK = { lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT' };
  const good: Answer = { kind: 'answered', status: 200, seconds: 0.1 };

  test.each<[string, readonly Answer[], string, number]>([
    ['a good answer', [good], 'SUCCEEDED', 1],
    ['a good one after four bad', [bad(500), bad(500), bad(500), bad(500), good], 'SUCCEEDED', 5],
    ['always 500', [bad(500)], 'FAILED', 5],
    ['always too late', [{ kind: 'answered', status: 200, seconds: 4 }], 'FAILED', 5],
    ['nobody there', [{ kind: 'refused', reason: 'ECONNREFUSED', seconds: 0 }], 'FAILED', 5],
  ])('asks the test listener for ECS: %s', (_, answers, hookStatus, tries) => {
    const asked: string[] = [];
    const request = (url: string): Answer => {
      asked.push(url);
      return answers[Math.min(asked.length, answers.length) - 1] ?? good;
    };
    const { answer, lines } = run(HANDLER, HOOK, request, environment);
    expect(answer).toMatchObject({ ok: true, output: { hookStatus } });
    expect(asked).toEqual(Array.from({ length: tries }, () => environment.TEST_URL));
    expect(lines).toHaveLength(tries);
  });

  test('asks the production listener for the pipeline', () => {
    const asked: string[] = [];
    const request = (url: string): Answer => {
      asked.push(url);
      return good;
    };
    const { answer } = run(HANDLER, { listener: 'production' }, request, environment);
    expect(answer).toMatchObject({ ok: true, output: { passed: true, status: 200, milliseconds: 100 } });
    expect(asked).toEqual([environment.PRODUCTION_URL]);
  });

  function bad(status: number): Answer {
    return { kind: 'answered', status, seconds: 0.1 };
  }
});

const FUNCTION = {
  Type: 'AWS::Lambda::Function',
  Properties: {
    FunctionName: 'tested',
    Runtime: 'nodejs22.x',
    Code: { ZipFile: "exports.handler = async () => { console.log('asked'); throw new Error('broken'); };" },
    LoggingConfig: { LogGroup: { Ref: 'Logs' } },
  },
};
const LOGS = { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: '/tested' } };

describe('invocations', () => {
  test('an error of the function is an answer, its lines are in its log, and time has passed', async () => {
    const { aws, clients } = await startEmulator([templateOf({ ...TESTER, Logs: LOGS, Function: FUNCTION })]);
    const answer = await clients().lambda.send(new InvokeCommand({ FunctionName: 'tested' }));
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(Buffer.from(answer.Payload ?? []).toString()).toContain('broken');
    expect(inspect(aws.world.logs.state, { depth: 8 })).toContain("'asked'");
    await expect(clients().lambda.send(new InvokeCommand({ FunctionName: 'other' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    aws.world.lambda.behave({ account: ACCOUNT, function: 'tested', fault: 'hangs', ifEventHas: 'slow' });
    const Payload = Buffer.from('{"slow":true}');
    const late = await clients().lambda.send(new InvokeCommand({ FunctionName: 'tested', Payload }));
    expect(Buffer.from(late.Payload ?? []).toString()).toContain('Task timed out after 3.00 seconds');
    expect(aws.failures).toEqual([]);
  });

  test('code that cannot be run here is a fault of the rehearsal, not an answer', async () => {
    const archive = { ...FUNCTION, Properties: { FunctionName: 'tested', Code: { S3Bucket: 'x' } } };
    const { aws, clients } = await startEmulator([templateOf({ ...TESTER, Function: archive })]);
    await expect(clients().lambda.send(new InvokeCommand({ FunctionName: 'tested' }))).rejects.toThrow(
      'NotRehearsed',
    );
    expect(aws.failures.join()).toContain('code in an archive');
  });
});

describe('roles that ECS takes up', () => {
  const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:tested`;
  const rule = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener-rule/app/x/1/2/3`;
  const service = `arn:aws:ecs:${REGION}:${ACCOUNT}:service/x/y`;
  const ecs = (more: object = {}) => ({
    AssumeRolePolicyDocument: document({
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'ecs.amazonaws.com' },
      ...more,
    }),
  });
  const { world } = deployed(
    templateOf({
      Logs: LOGS,
      Function: FUNCTION,
      Good: roleResource('good', [statement('Allow', ['lambda:InvokeFunction'], functionArn)], ecs()),
      Other: roleResource('other', [statement('Allow', ['lambda:InvokeFunction'], functionArn)]),
      Elsewhere: roleResource(
        'elsewhere',
        [statement('Allow', ['lambda:InvokeFunction'])],
        ecs({ Condition: { StringEquals: { 'aws:SourceAccount': '999999999999' } } }),
      ),
      Weak: roleResource('weak', [statement('Allow', ['lambda:GetFunction'])], ecs()),
    }),
  );
  const neighbours = { clock: new VirtualClock(), iam: world.iam };
  const hooks = hookFunctions({ ...neighbours, lambda: world.lambda });

  test.each([
    ['good', 'broken'],
    ['other', 'unable to assume the role'],
    ['elsewhere', 'unable to assume the role'],
    ['nobody', 'unable to assume the role'],
    ['weak', 'is not authorized to perform: lambda:InvokeFunction'],
  ])('a hook by the role %s: %s', (name, reason) => {
    const answer = hooks.invoke({ functionArn, role: roleArn(name), service }, {}, NOW);
    expect(answer).toMatchObject({ ok: false, reason: expect.stringContaining(reason) as unknown });
  });

  test('a hook whose function nobody made fails', () => {
    const call = { functionArn: `${functionArn}s`, role: roleArn('weak'), service };
    expect(hooks.invoke(call, {}, NOW)).toMatchObject({ ok: false });
  });

  test('a rule is changed by a role that may', () => {
    const rules = listenerRules({ ...neighbours, elbv2: world.elbv2 });
    const refused = rules.forward({ rule, role: roleArn('weak'), service }, []);
    expect(refused).toContain('elasticloadbalancing:ModifyRule');
  });
});
