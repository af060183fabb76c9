import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { GetTemplateCommand } from '@aws-sdk/client-cloudformation';
import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeTargetGroupsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { GetParameterCommand, GetParameterHistoryCommand, PutParameterCommand } from '@aws-sdk/client-ssm';
import { AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { cbor } from '@smithy/core/cbor';
import type { Disturbance } from '../../rehearsal/aws/weather';
import { VirtualClock } from '../../rehearsal/clock/virtual-clock';
import { copyOf } from '../../rehearsal/aws/copy';
import { servicesOf } from '../../rehearsal/aws/services';
import { post } from './contract/raw-request';
import { IMMUTABLE, parameterArn, RESOURCES, SUBJECT, tokenOf, TOKENS } from './contract/tested-account';
import { describeTemplates } from './contract/templates';
import {
  ACCOUNT,
  clientsWith,
  type Emulator,
  REGION,
  roleArn,
  startEmulator,
  stopEmulators,
  templateOf,
} from './contract/emulator';

let emulator: Emulator;
/** Another emulator, for tests that make it fail. */
let broken: Emulator;

beforeAll(async () => {
  emulator = await startEmulator([templateOf(RESOURCES)], { tokens: TOKENS });
  broken = await startEmulator([templateOf(RESOURCES)], { tokens: TOKENS });
});

afterAll(stopEmulators);

const withSession = (RoleArn: string, WebIdentityToken: string, more: object = {}) =>
  new AssumeRoleWithWebIdentityCommand({ RoleArn, WebIdentityToken, RoleSessionName: 'job', ...more });

describe('what does not follow the schema', () => {
  const target = { 'x-amz-target': 'AmazonSSM.GetParameter', 'content-type': 'application/x-amz-json-1.1' };

  test.each([
    ['an unknown member', { Name: '/app/released', Nmae: 1 }, 'GetParameter.Nmae is unknown'],
    ['a wrong type', { Name: 7 }, 'GetParameter.Name must be a string'],
    ['a missing member', { WithDecryption: true }, 'GetParameter.Name is missing'],
  ])('%s in JSON is refused', async (_, input, message) => {
    const { status, bytes } = await post(emulator, 'ssm', target, JSON.stringify(input));
    expect({ status, ...(JSON.parse(bytes.toString()) as object) }).toEqual({
      status: 400,
      __type: 'ValidationException',
      message,
    });
  });

  test('JSON that is none is refused', async () => {
    const { bytes } = await post(emulator, 'ssm', target, '{"Name":');
    expect(JSON.parse(bytes.toString())).toMatchObject({ __type: 'ValidationException' });
  });

  test.each([
    ['an unknown member', 'Names.member.1=a&Nmaes.member.1=b', 'DescribeTargetGroups.Nmaes is unknown'],
    ['a wrong type', 'PageSize=many', 'DescribeTargetGroups.PageSize must be a number'],
    ['a list that is none', 'Names.first=a', 'DescribeTargetGroups.Names must be a list'],
  ])('%s in a form is refused', async (_, form, message) => {
    const body = `Action=DescribeTargetGroups&Version=2015-12-01&${form}`;
    const { status, bytes } = await post(emulator, 'elasticloadbalancing', {}, body);
    expect(status).toBe(400);
    expect(bytes.toString()).toContain('<Code>ValidationError</Code>');
    expect(bytes.toString()).toContain(`<Message>${message}</Message>`);
  });

  test('CBOR is read and answered in kind', async () => {
    const headers = { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' };
    const path = '/service/GraniteServiceVersion20100801/operation/DescribeAlarms';
    const good = await post(emulator, 'monitoring', headers, cbor.serialize({ MaxRecords: 5 }), path);
    expect({ status: good.status, ...(cbor.deserialize(good.bytes) as object) }).toMatchObject({
      status: 200,
      MetricAlarms: [],
    });
    const bad = await post(emulator, 'monitoring', headers, cbor.serialize({ MaxRecord: 5 }), path);
    expect({ status: bad.status, ...(cbor.deserialize(bad.bytes) as object) }).toEqual({
      status: 400,
      __type: 'ValidationException',
      message: 'DescribeAlarms.MaxRecord is unknown',
    });
  });

  test.each([
    ['an unknown member', { Arm: 'a' }, 'GetCallerIdentity.Arm is unknown'],
    ['a wrong type', { Arn: 7 }, 'GetCallerIdentity.Arn must be a string'],
  ])('%s in an answer is a fault of the emulator', async (_, answer, message) => {
    const operation = broken.aws.world.sts.operations.GetCallerIdentity!;
    const { handle } = operation;
    operation.handle = () => answer;
    const call = broken.clients().sts.send(new GetCallerIdentityCommand({}));
    await expect(call).rejects.toMatchObject({ name: 'EmulatorIsWrong', $metadata: { httpStatusCode: 501 } });
    operation.handle = handle;
    expect(broken.aws.failures.at(-1)).toContain(message);
  });

  test('a service or an operation that nobody emulates is a fault of the emulator', async () => {
    const unknown = await post(broken, 'sqs', {}, 'Action=SendMessage');
    expect({ status: unknown.status, text: unknown.bytes.toString() }).toEqual({
      status: 501,
      text: expect.stringContaining(
        'does not emulate sqs; it emulates application-autoscaling, cloudformation, monitoring, ec2',
      ),
    });
    await post(broken, 'ssm', { 'x-amz-target': 'AmazonSSM.SendPigeon' }, '{}');
    expect(broken.aws.failures.slice(-2)).toEqual([
      expect.stringContaining('does not emulate sqs'),
      expect.stringContaining('does not emulate ssm: SendPigeon'),
    ]);
  });
});

describe('S3 over REST', () => {
  test('keys, metadata and contents come through as they are', async () => {
    const { s3 } = emulator.clients();
    const [Bucket, Key] = ['tested-bucket', `a b/<&"'>/é +%.txt`];
    await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'content', Metadata: { purpose: 'test' } }));
    const { Body, Metadata } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    expect([await Body?.transformToString(), Metadata]).toEqual(['content', { purpose: 'test' }]);
    const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a b/' }));
    expect(Contents?.map((item) => item.Key)).toEqual([Key]);
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ContentLength: 7 });
  });

  test('a stream arrives without the chunks in which it is sent', async () => {
    const { s3 } = emulator.clients();
    const where = { Bucket: 'tested-bucket', Key: 'streamed' };
    const Body = Readable.from([Buffer.from('first '), Buffer.from('second')]);
    await s3.send(new PutObjectCommand({ ...where, Body, ContentLength: 12 }));
    const answer = await s3.send(new GetObjectCommand(where));
    expect(await answer.Body?.transformToString()).toBe('first second');
  });

  test('what is not there is 404, with a body and without', async () => {
    const { s3 } = emulator.clients();
    const where = { Bucket: 'tested-bucket', Key: 'nowhere' };
    await expect(s3.send(new GetObjectCommand(where))).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new HeadObjectCommand(where))).rejects.toMatchObject({ name: 'NotFound' });
  });
});

describe('CloudFormation', () => {
  const template = async (StackName: string) => {
    const { cloudformation } = emulator.clients();
    const { TemplateBody } = await cloudformation.send(new GetTemplateCommand({ StackName }));
    return JSON.parse(TemplateBody ?? '') as object;
  };

  test('tells what is deployed, by name and by ARN, until something else is', async () => {
    const { cloudformation } = emulator.aws.world;
    const place = { account: ACCOUNT, region: REGION };
    const { arn = '' } = cloudformation.stack(place, 'tested') ?? {};
    expect(await template(arn)).toEqual({ Resources: RESOURCES });
    expect(emulator.aws.calls.at(-1)).toMatchObject({ action: 'cloudformation:GetTemplate', resource: arn });
    cloudformation.deployed({ stack: 'tested', ...place, body: { Resources: {} } });
    expect(await template('tested')).toEqual({ Resources: {} });
  });

  test('knows no stack that nobody deployed', async () => {
    await expect(template('none')).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id none does not exist',
    });
    const resource = `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/none/*`;
    expect(emulator.aws.calls.at(-1)).toMatchObject({ resource });
  });
});

test('a parameter that does not exist has no history', async () => {
  const { ssm } = emulator.clients();
  await expect(ssm.send(new GetParameterHistoryCommand({ Name: '/app/none' }))).rejects.toMatchObject({
    name: 'ParameterNotFound',
  });
});

describe('sign-in by token', () => {
  const signIn = (token: string, more: object = {}, role = roleArn('deploy')) =>
    emulator.clients().sts.send(withSession(role, token, more));

  test.each([
    ['legacy', SUBJECT],
    ['immutable', IMMUTABLE],
  ])('the %s form of the subject is let in', async (_, sub) => {
    const { Credentials } = await signIn(tokenOf({ sub }));
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const { endpoint } = emulator;
    const { ssm } = clientsWith({
      endpoint,
      region: REGION,
      maxAttempts: 1,
      credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: '/app/released' }));
    expect(Parameter?.Value).toBe('none');
  });

  const DENIED = { name: 'AccessDenied', message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity' };

  test.each([
    ['a branch', SUBJECT.replace('environment:staging', 'ref:refs/heads/main')],
    ['another repository', SUBJECT.replace('app', 'app2')],
  ])('%s is denied', async (_, sub) => {
    await expect(signIn(tokenOf({ sub }))).rejects.toMatchObject(DENIED);
    expect(emulator.aws.calls.at(-1)).toMatchObject({
      action: 'sts:AssumeRoleWithWebIdentity',
      resource: roleArn('deploy'),
      allowed: false,
      because: [DENIED.message, expect.stringContaining(sub)],
    });
  });

  test('a role that does not exist is denied, and one that trusts somebody else', async () => {
    await expect(signIn(tokenOf(), {}, roleArn('nobody'))).rejects.toMatchObject(DENIED);
    await expect(signIn(tokenOf(), {}, roleArn('tester'))).rejects.toMatchObject(DENIED);
  });

  test.each([
    [
      'another audience',
      tokenOf({ aud: 'me' }),
      {},
      'InvalidIdentityTokenException',
      'Incorrect token audience',
    ],
    [
      'another issuer',
      tokenOf({ iss: 'example.com' }),
      {},
      'InvalidIdentityTokenException',
      'No OpenIDConnect provider found',
    ],
    ['a token that expired', 'late', {}, 'ExpiredTokenException', 'Token must be issued'],
    [
      'a session longer than the role allows',
      tokenOf(),
      { DurationSeconds: 3_601 },
      'ValidationError',
      'exceeds',
    ],
    ['a session below 15 minutes', tokenOf(), { DurationSeconds: 899 }, 'ValidationError', "Value '899'"],
    ['a session above 12 hours', tokenOf(), { DurationSeconds: 43_201 }, 'ValidationError', "Value '43201'"],
    [
      'a session name with a space',
      tokenOf(),
      { RoleSessionName: 'a b' },
      'ValidationError',
      'roleSessionName',
    ],
  ])('%s is refused', async (_, token, more, name, message) => {
    await expect(signIn(token, more)).rejects.toMatchObject({
      name,
      message: expect.stringContaining(message),
    });
  });

  test('a session policy is not modelled, and said to be so', async () => {
    const call = broken.clients().sts.send(withSession(roleArn('deploy'), tokenOf(), { Policy: '{}' }));
    await expect(call).rejects.toMatchObject({ name: 'NotImplemented' });
    expect(broken.aws.failures.at(-1)).toContain('does not model Policy');
  });
});

describe('sessions', () => {
  const probes = [
    [
      'JSON',
      'UnrecognizedClientException',
      'ExpiredTokenException',
      (all: ReturnType<typeof clientsWith>) =>
        all.ssm.send(new GetParameterCommand({ Name: '/app/released' })),
    ],
    [
      'query',
      'InvalidClientTokenId',
      'ExpiredToken',
      (all: ReturnType<typeof clientsWith>) => all.sts.send(new GetCallerIdentityCommand({})),
    ],
    [
      'EC2',
      'AuthFailure',
      'RequestExpired',
      (all: ReturnType<typeof clientsWith>) => all.ec2.send(new DescribeVpcsCommand({})),
    ],
    [
      'S3',
      'InvalidAccessKeyId',
      'ExpiredToken',
      (all: ReturnType<typeof clientsWith>) =>
        all.s3.send(new ListObjectsV2Command({ Bucket: 'tested-bucket' })),
    ],
  ] as const;

  test.each(probes)('%s: an unknown key and a foreign token are refused', async (_, unknown, __, probe) => {
    const good = emulator.settings();
    const others = [{ accessKeyId: 'ASIAUNKNOWN' }, { sessionToken: 'of-somebody-else' }];
    for (const other of others) {
      const credentials = { ...good.credentials, ...other };
      await expect(probe(clientsWith({ ...good, credentials }))).rejects.toMatchObject({ name: unknown });
    }
  });

  test.each(probes)('%s: a session ends by virtual time', async (_, __, expired, probe) => {
    const { aws, clock, settings } = emulator;
    const session = aws.world.sts.testSession(roleArn('tester'), clock.now() + 900_000);
    const clients = clientsWith({ ...settings(), credentials: session });
    await expect(probe(clients)).resolves.toBeDefined();
    clock.pass(900);
    await expect(probe(clients)).rejects.toMatchObject({ name: expired });
  });

  test('a call that nobody signed goes nowhere but to the sign-in', async () => {
    const answer = await fetch(broken.endpoint, { method: 'POST', body: 'Action=GetCallerIdentity' });
    expect(answer.status).toBe(501);
    expect(broken.aws.failures.at(-1)).toContain('requests that nobody signed');
  });
});

describe('permissions', () => {
  const put = (role: string, Name: string) =>
    emulator
      .clients(role)
      .ssm.send(new PutParameterCommand({ Name, Value: 'x', Overwrite: true, Type: 'String' }));
  const user = (role: string): string => `User: arn:aws:sts::${ACCOUNT}:assumed-role/${role}/test`;

  test.each([
    [
      'nothing allows it',
      'deploy',
      '/app/released',
      'because no identity-based policy allows the ssm:PutParameter action',
    ],
    [
      'a statement denies it',
      'guarded',
      '/app/released',
      'with an explicit deny in an identity-based policy',
    ],
  ])('%s', async (_, role, name, reason) => {
    await expect(put(role, name)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `${user(role)} is not authorized to perform: ssm:PutParameter on resource: ${parameterArn(name)} ${reason}`,
    });
    expect(emulator.aws.calls.at(-1)).toMatchObject({
      action: 'ssm:PutParameter',
      role: roleArn(role),
      allowed: false,
    });
  });

  test('a boundary that does not allow it', async () => {
    await expect(emulator.clients('guarded').ec2.send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
      name: 'UnauthorizedOperation',
      message: expect.stringContaining('because no permissions boundary allows the ec2:DescribeVpcs action'),
    });
  });

  test('the policy of a bucket', async () => {
    const { s3 } = emulator.clients();
    const write = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'tested-bucket', Key, Body: '' }));
    await expect(write('closed/a')).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    });
    await expect(write('open/a')).resolves.toBeDefined();
  });

  test('a managed policy of the template counts', async () => {
    await expect(put('helped', '/app/helped')).resolves.toMatchObject({ Version: 1 });
  });

  test('a role with a policy that nobody can read fails loudly', async () => {
    const call = broken.clients('unreadable').ssm.send(new GetParameterCommand({ Name: '/app/released' }));
    await expect(call).rejects.toMatchObject({ name: 'UnsupportedPolicy' });
    expect(broken.aws.failures.at(-1)).toContain('arn:aws:iam::aws:policy/Unknown');
  });
});

describe('weather', () => {
  const get = (role = 'tester') =>
    emulator.clients(role).ssm.send(new GetParameterCommand({ Name: '/app/released' }));

  test.each<[Disturbance, string]>([
    ['throttle', 'ThrottlingException'],
    ['serverError', 'ServiceUnavailableException'],
    ['denied', 'AccessDeniedException'],
    ['expired', 'ExpiredTokenException'],
    ['reset', 'socket hang up'],
    ['refused', 'socket hang up'],
  ])('%s', async (disturbance, name) => {
    emulator.aws.addWeather({ action: 'ssm:Get*', disturbance, after: 1, times: 1, role: roleArn('tester') });
    await expect(get()).resolves.toBeDefined();
    await expect(get('deploy')).resolves.toBeDefined();
    await expect(get()).rejects.toThrow(name.includes(' ') ? name : expect.objectContaining({ name }));
    expect(emulator.aws.calls.at(-1)).toMatchObject({
      allowed: disturbance !== 'denied',
      because: expect.arrayContaining([`disturbed: ${disturbance}`]),
    });
    await expect(get()).resolves.toBeDefined();
  });

  test.each<[Disturbance, string]>([
    ['reset', 'written'],
    ['refused', 'none'],
  ])('a connection that is %s leaves the parameter at "%s"', async (disturbance, value) => {
    const { ssm } = emulator.aws.world;
    ssm.set(ACCOUNT, REGION, '/app/lost', 'none');
    emulator.aws.addWeather({ action: 'ssm:PutParameter', disturbance, times: 1 });
    const put = new PutParameterCommand({ Name: '/app/lost', Value: 'written', Overwrite: true });
    await expect(emulator.clients().ssm.send(put)).rejects.toThrow('socket hang up');
    expect(ssm.get(ACCOUNT, REGION, '/app/lost')).toBe(value);
  });

  test('a sign-in can be disturbed too', async () => {
    emulator.aws.addWeather({ action: 'sts:*', disturbance: 'throttle', times: 1, role: roleArn('deploy') });
    const signIn = () => emulator.clients().sts.send(withSession(roleArn('deploy'), tokenOf()));
    await expect(signIn()).rejects.toMatchObject({ name: 'Throttling' });
    await expect(signIn()).resolves.toBeDefined();
  });
});

describeTemplates();

describe('a situation', () => {
  test('is taken up by another emulator of the same templates, and both go their own ways', async () => {
    const one = await startEmulator([templateOf(RESOURCES)]);
    one.clock.pass(3_600);
    const put = (of: Emulator, Value: string) =>
      of.clients().ssm.send(new PutParameterCommand({ Name: '/app/released', Value, Overwrite: true }));
    await put(one, 'first');
    const situation = one.aws.snapshot();
    await put(one, 'second');
    const two = await startEmulator([templateOf(RESOURCES)]);
    two.aws.restore(situation);
    const value = (of: Emulator) => of.aws.world.ssm.get(ACCOUNT, REGION, '/app/released');
    expect([value(one), value(two), two.clock.now()]).toEqual(['second', 'first', situation.at]);
    await expect(put(two, 'third')).resolves.toMatchObject({ Version: 3 });
    one.aws.restore(situation);
    expect([value(one), value(two)]).toEqual(['first', 'third']);
    expect(one.aws.leftovers()).toEqual([]);
  });

  test('keeps what stands in several places together, and refuses what would not be remembered', () => {
    const shared = { at: 1, bytes: Uint8Array.of(1) };
    const state = { list: [shared], map: new Map([['a', shared]]), set: new Set(['x']) };
    const copy = copyOf(state);
    expect(copy).toEqual(state);
    expect(copy.list[0]).not.toBe(shared);
    expect(copy.map.get('a')).toBe(copy.list[0]);
    expect(() => copyOf({ when: new Date(0) })).toThrow('an instance of Date');
    expect(() => copyOf({ later: () => 1 })).toThrow('function');
  });

  test('of other services is refused', () => {
    expect(() => {
      emulator.aws.restore({ at: 0, states: {} });
    }).toThrow('knows nothing of');
  });
});

describe('another emulator', () => {
  test('answers what was authorised here', async () => {
    const asked: string[] = [];
    const upstream = createServer((request, response) => {
      asked.push(`${request.method} ${String(request.headers['x-amz-target'])}`);
      response.setHeader('content-type', 'application/x-amz-json-1.1');
      response.end(JSON.stringify({ Parameter: { Name: '/app/released', Value: 'from elsewhere' } }));
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const { port } = upstream.address() as AddressInfo;
    const here = await startEmulator([templateOf(RESOURCES)], {
      against: { ssm: `http://127.0.0.1:${port}` },
    });
    const get = (Name: string) => here.clients('deploy').ssm.send(new GetParameterCommand({ Name }));
    await expect(get('/app/released')).resolves.toMatchObject({ Parameter: { Value: 'from elsewhere' } });
    await expect(get('/secret')).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(asked).toEqual(['POST AmazonSSM.GetParameter']);
    upstream.closeAllConnections();
    upstream.close();
  });

  test.each(['https://ssm.us-east-1.amazonaws.com', 'http://127.0.0.1.example.com', 'nonsense'])(
    'is refused at %s',
    async (url) => {
      const start = startEmulator([], { against: { ssm: url } });
      await expect(start).rejects.toMatchObject({
        code: 'InvalidArgument',
        message: expect.stringContaining(url),
      });
    },
  );
});

describe('time', () => {
  test('each call takes its time, and the answer tells it', async () => {
    const clock = new VirtualClock();
    const { aws, clients, endpoint } = await startEmulator([templateOf(RESOURCES)], { clock });
    const { cloudwatch, elbv2 } = clients();
    const before = clock.now();
    await cloudwatch.send(new DescribeAlarmsCommand({}));
    await elbv2.send(new DescribeTargetGroupsCommand({}));
    expect(aws.calls.map(({ at }) => at - before)).toEqual([100, 200]);
    const answer = await fetch(`${endpoint}/v2/`);
    expect(answer.headers.get('date')).toBe(new Date(clock.now()).toUTCString());
  });
});

const cli = (process.env.PATH ?? '').split(delimiter).find((folder) => existsSync(join(folder, 'aws')));

(cli === undefined ? describe.skip : describe)('the AWS CLI', () => {
  test('works as the SDK does', async () => {
    const { endpoint, settings } = emulator;
    const { credentials } = settings();
    const env = {
      PATH: process.env.PATH,
      HOME: mkdtempSync(join(tmpdir(), 'lockstep-cli-')),
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      AWS_SESSION_TOKEN: credentials.sessionToken,
      AWS_DEFAULT_REGION: REGION,
      AWS_ENDPOINT_URL: endpoint,
      AWS_EC2_METADATA_DISABLED: 'true',
    };
    const run = async (...args: readonly string[]): Promise<unknown> => {
      const { stdout } = await promisify(execFile)('aws', [...args, '--output', 'json'], { env });
      return JSON.parse(stdout);
    };
    const [who, alarms, subnets, parameter] = await Promise.all([
      run('sts', 'get-caller-identity'),
      run('cloudwatch', 'describe-alarms'),
      run('ec2', 'describe-subnets', '--filters', 'Name=availability-zone,Values=us-east-1a'),
      run('ssm', 'get-parameter', '--name', '/app/released'),
    ]);
    expect(who).toMatchObject({ Account: ACCOUNT });
    expect(alarms).toEqual({ MetricAlarms: [], CompositeAlarms: [] });
    expect(subnets).toMatchObject({ Subnets: [{ CidrBlock: '10.0.0.0/24' }] });
    expect(parameter).toMatchObject({ Parameter: { Value: 'none' } });
  });
});

test('two services cannot claim the same name', () => {
  const { world } = emulator.aws;
  expect(() => servicesOf({ ...world, ssm: world.sts } as unknown as typeof world)).toThrow(
    'two emulated services claim sts',
  );
});

test('the emulator that nobody broke has no fault', () => {
  expect(emulator.aws.failures).toEqual([]);
});
