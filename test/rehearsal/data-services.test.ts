import * as Logs from '@aws-sdk/client-cloudwatch-logs';
import * as Ecr from '@aws-sdk/client-ecr';
import * as S3 from '@aws-sdk/client-s3';
import * as Ssm from '@aws-sdk/client-ssm';
import { smallImage } from '../../rehearsal/aws/ecr/manifest';
import type { EmulatedAws } from '../../rehearsal/aws/emulated-aws';
import type { Question } from '../../rehearsal/aws/service';
import { VirtualClock } from '../../rehearsal/clock/virtual-clock';
import {
  APP,
  clientOf,
  dataWorld,
  digestOf,
  dockerClient,
  errorOf,
  HOST,
  PRODUCTION,
  PULL,
  REGION,
  REPOSITORY,
  TOOLS,
} from './data-world';

let clock: VirtualClock;
let aws: EmulatedAws;
let endpoint: string;
/** What the test asked for although nobody models it. */
let unmodelled: readonly string[];

beforeEach(async () => {
  unmodelled = [];
  clock = new VirtualClock();
  aws = dataWorld(clock);
  endpoint = await aws.start();
});

afterEach(async () => {
  await aws.stop();
  expect(aws.failures).toEqual(unmodelled);
});

const as = (account: string, name: string) => clientOf(aws, endpoint, clock, `${account}:role/${name}`);
const ecrAs = (account: string, name: string) => new Ecr.ECRClient(as(account, name));

describe('ECR', () => {
  const put = (client: Ecr.ECRClient, manifest: string, imageTag: string) =>
    client.send(new Ecr.PutImageCommand({ ...REPOSITORY, imageManifest: manifest, imageTag }));

  async function upload(client: Ecr.ECRClient, bytes: Buffer): Promise<void> {
    const { uploadId } = await client.send(new Ecr.InitiateLayerUploadCommand(REPOSITORY));
    const part = { partFirstByte: 0, partLastByte: bytes.length - 1, layerPartBlob: bytes };
    await client.send(new Ecr.UploadLayerPartCommand({ ...REPOSITORY, uploadId, ...part }));
    const layerDigests = [digestOf(bytes)];
    await client.send(new Ecr.CompleteLayerUploadCommand({ ...REPOSITORY, uploadId, layerDigests }));
  }

  test('an image needs its layers, and is found by tag and digest', async () => {
    const client = ecrAs(TOOLS, 'publish');
    const { blobs, manifest } = smallImage('one');
    await expect(put(client, manifest, 'v1')).rejects.toMatchObject({ name: 'LayersNotFoundException' });
    for (const blob of blobs) await upload(client, blob);
    await put(client, manifest, 'v1');

    const imageIds = [{ imageTag: 'v1' }, { imageTag: 'v2' }, { imageDigest: digestOf(manifest) }];
    const acceptedMediaTypes = ['application/vnd.oci.image.manifest.v1+json'];
    const got = await client.send(
      new Ecr.BatchGetImageCommand({ ...REPOSITORY, imageIds, acceptedMediaTypes }),
    );
    expect(got.images?.map(({ imageManifest }) => imageManifest)).toEqual([manifest, manifest]);
    expect(got.images?.[0]?.imageId).toEqual({ imageTag: 'v1', imageDigest: digestOf(manifest) });
    expect(got.failures).toEqual([
      {
        imageId: { imageTag: 'v2' },
        failureCode: 'ImageNotFound',
        failureReason: 'Requested image not found',
      },
    ]);
    const converted = await client.send(
      new Ecr.BatchGetImageCommand({ ...REPOSITORY, imageIds: [{ imageTag: 'v1' }] }),
    );
    expect(digestOf(converted.images?.[0]?.imageManifest ?? '')).not.toBe(digestOf(manifest));
  });

  test('a tag moves unless it is immutable, and the same image again is told apart', async () => {
    const client = ecrAs(TOOLS, 'publish');
    const [first, second] = [smallImage('one').manifest, smallImage('two').manifest];
    aws.world.ecr.push(`${APP}:v1`, 'one');
    aws.world.ecr.push(`${APP}:main`, 'two');
    await expect(put(client, second, 'v1')).rejects.toMatchObject({ name: 'ImageTagAlreadyExistsException' });
    await expect(put(client, first, 'v1')).rejects.toMatchObject({ name: 'ImageAlreadyExistsException' });
    await put(client, first, 'main');
    expect(aws.world.ecr.tags(APP)).toEqual(
      new Map([
        ['v1', digestOf(first)],
        ['main', digestOf(first)],
      ]),
    );
    const wrong = { imageManifest: second, imageTag: 'v2', imageDigest: digestOf(first) };
    await expect(client.send(new Ecr.PutImageCommand({ ...REPOSITORY, ...wrong }))).rejects.toMatchObject({
      name: 'ImageDigestDoesNotMatchException',
    });
  });

  test('an index needs its images, and keeps them from being deleted', async () => {
    const client = ecrAs(TOOLS, 'publish');
    const digest = digestOf(smallImage('one').manifest);
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const index = JSON.stringify({ schemaVersion: 2, mediaType, manifests: [{ digest }] });
    await expect(put(client, index, 'v1')).rejects.toMatchObject({
      name: 'ReferencedImagesNotFoundException',
    });
    aws.world.ecr.push(`${APP}:one`, 'one');
    await put(client, index, 'v1');
    const remove = (imageIds: Ecr.ImageIdentifier[]) =>
      client.send(new Ecr.BatchDeleteImageCommand({ ...REPOSITORY, imageIds }));
    const { failures } = await remove([{ imageDigest: digest }]);
    expect(failures?.map(({ failureCode }) => failureCode)).toEqual(['ImageReferencedByManifestList']);
    await remove([{ imageTag: 'v1' }]);
    expect((await remove([{ imageDigest: digest }])).failures).toEqual([]);
    await expect(put(client, 'no json', 'v2')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const old = JSON.stringify({ mediaType: 'application/vnd.docker.distribution.manifest.v1+json' });
    await expect(put(client, old, 'v2')).rejects.toMatchObject({ name: 'UnsupportedImageTypeException' });
  });

  test('images are listed, described and deleted', async () => {
    const client = ecrAs(TOOLS, 'publish');
    const [one, two] = [aws.world.ecr.push(`${APP}:v1`, 'one'), aws.world.ecr.push(`${APP}:main`, 'two')];
    aws.world.ecr.push(`${APP}:main`, 'three');
    const filter = { tagStatus: 'TAGGED' } as const;
    const first = await client.send(new Ecr.ListImagesCommand({ ...REPOSITORY, filter }));
    expect(first.imageIds).toEqual([{ imageTag: 'v1', imageDigest: one }]);
    const { nextToken } = first;
    const rest = await client.send(new Ecr.ListImagesCommand({ ...REPOSITORY, filter, nextToken }));
    expect(rest.imageIds?.map(({ imageTag }) => imageTag)).toEqual(['main']);
    const untagged = { tagStatus: 'UNTAGGED' } as const;
    const bare = await client.send(new Ecr.ListImagesCommand({ ...REPOSITORY, filter: untagged }));
    expect(bare.imageIds).toEqual([{ imageDigest: two }]);

    const imageIds = [{ imageTag: 'v1' }];
    const { imageDetails } = await client.send(new Ecr.DescribeImagesCommand({ ...REPOSITORY, imageIds }));
    expect(imageDetails?.[0]).toMatchObject({ imageDigest: one, imageTags: ['v1'] });
    expect(imageDetails?.[0]?.imagePushedAt).toEqual(new Date(Date.UTC(2026, 10, 20, 12)));
    await client.send(new Ecr.BatchDeleteImageCommand({ ...REPOSITORY, imageIds }));
    await expect(
      client.send(new Ecr.DescribeImagesCommand({ ...REPOSITORY, imageIds })),
    ).rejects.toMatchObject({
      name: 'ImageNotFoundException',
    });
    const { repositories } = await client.send(new Ecr.DescribeRepositoriesCommand({ registryId: TOOLS }));
    expect(repositories?.[0]).toMatchObject({
      repositoryUri: APP,
      imageTagMutability: 'MUTABLE_WITH_EXCLUSION',
    });
  });

  test('a layer is checked by its digest, and downloaded at a URL of its own', async () => {
    const client = ecrAs(TOOLS, 'publish');
    const bytes = Buffer.from('a layer');
    await upload(client, bytes);
    const { uploadId } = await client.send(new Ecr.InitiateLayerUploadCommand(REPOSITORY));
    const part = { uploadId, partFirstByte: 0, partLastByte: 0, layerPartBlob: Buffer.from('x') };
    await client.send(new Ecr.UploadLayerPartCommand({ ...REPOSITORY, ...part }));
    await expect(
      client.send(new Ecr.UploadLayerPartCommand({ ...REPOSITORY, ...part })),
    ).rejects.toMatchObject({
      name: 'InvalidLayerPartException',
    });
    const layerDigests = [digestOf(bytes)];
    const complete = new Ecr.CompleteLayerUploadCommand({ ...REPOSITORY, uploadId, layerDigests });
    await expect(client.send(complete)).rejects.toMatchObject({ name: 'InvalidLayerException' });
    expect(aws.leftovers()).toEqual([expect.stringContaining('was not completed')]);

    const asked = { ...REPOSITORY, layerDigests: [...layerDigests, digestOf('none')] };
    const { layers } = await client.send(new Ecr.BatchCheckLayerAvailabilityCommand(asked));
    expect(layers?.map(({ layerAvailability }) => layerAvailability)).toEqual(['AVAILABLE', 'UNAVAILABLE']);
    const layerDigest = digestOf(bytes);
    const { downloadUrl = '' } = await client.send(
      new Ecr.GetDownloadUrlForLayerCommand({ ...REPOSITORY, layerDigest }),
    );
    expect(await (await fetch(downloadUrl)).text()).toBe('a layer');
    clock.pass(3_600);
    expect((await fetch(downloadUrl)).status).toBe(403);
  });

  test('another account pulls where the policy of the repository lets it, and nowhere else', async () => {
    aws.world.ecr.push(`${APP}:v1`, 'one');
    aws.world.ecr.push(`${HOST}/team/private:v1`, 'one');
    const client = ecrAs(PRODUCTION, 'work');
    const imageIds = [{ imageTag: 'v1' }];
    await expect(
      client.send(new Ecr.BatchGetImageCommand({ ...REPOSITORY, imageIds })),
    ).resolves.toMatchObject({
      failures: [],
    });
    const hidden = { registryId: TOOLS, repositoryName: 'team/private', imageIds };
    await expect(client.send(new Ecr.BatchGetImageCommand(hidden))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
    await expect(put(client, smallImage('one').manifest, 'v2')).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  test('a task pulls by tag or digest with what its role may do', () => {
    const { ecr } = aws.world;
    const digest = ecr.push(`${APP}:v1`, 'one');
    const anything = (_: Question) => true;
    expect(ecr.pull(`${APP}:v1`, anything)).toEqual({ ok: true, digest });
    expect(ecr.pull(`${APP}@${digest}`, anything)).toEqual({ ok: true, digest });
    expect(ecr.pull('public.ecr.aws/docker/library/nginx:1', () => false)).toMatchObject({ ok: true });
    const reason = (image: string, ask = anything): string => {
      const pulled = ecr.pull(image, ask);
      return pulled.ok ? 'pulled' : pulled.reason;
    };
    expect(reason(`${APP}:v2`)).toMatch(/^CannotPullContainerError: .* manifest for .*app:v2 not found/);
    expect(reason(`${HOST}/team/none:v1`)).toMatch(/^CannotPullContainerError: .* name unknown/);
    for (const action of PULL) {
      expect(reason(`${APP}:v1`, (question) => question.action !== action)).toContain(
        `is not authorized to perform: ${action}`,
      );
    }
    ecr.remove(`${APP}:v1`);
    expect(reason(`${APP}@${digest}`)).toContain('manifest unknown');
    expect(() => ecr.remove(`${APP}:v1`)).toThrow('is not in the registry');
  });
});

describe('the Docker registry protocol', () => {
  async function login(account: string, name: string): Promise<string> {
    const { authorizationData } = await ecrAs(account, name).send(new Ecr.GetAuthorizationTokenCommand({}));
    expect(authorizationData?.[0]?.proxyEndpoint).toBe(`https://${account}.dkr.ecr.${REGION}.amazonaws.com`);
    return `Basic ${authorizationData?.[0]?.authorizationToken ?? ''}`;
  }

  const client = (authorization: string) => dockerClient(endpoint, authorization);
  const OCI = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
  const ANY = { accept: Object.values(OCI).join() };

  test('pushes an image and pulls it again', async () => {
    const docker = client(await login(TOOLS, 'publish'));
    expect((await docker('GET', '/v2/')).status).toBe(200);
    const { blobs, manifest } = smallImage('one');
    expect(await errorOf(await docker('PUT', 'manifests/v1', manifest, OCI))).toEqual([404, 'BLOB_UNKNOWN']);
    for (const blob of blobs) {
      expect((await docker('HEAD', `blobs/${digestOf(blob)}`)).status).toBe(404);
      const started = await docker('POST', 'blobs/uploads/');
      const location = started.headers.get('location') ?? '';
      const sent = await docker('PATCH', location, blob);
      expect([sent.status, sent.headers.get('range')]).toEqual([202, `0-${blob.length - 1}`]);
      const wrong = await docker('PUT', `${location}?digest=${digestOf('x')}`);
      expect(await errorOf(wrong)).toEqual([400, 'DIGEST_INVALID']);
      expect((await docker('PUT', `${location}?digest=${digestOf(blob)}`)).status).toBe(201);
      const there = await docker('HEAD', `blobs/${digestOf(blob)}`);
      expect([there.status, there.headers.get('content-length')]).toEqual([200, String(blob.length)]);
    }
    const pushed = await docker('PUT', 'manifests/v1', manifest, OCI);
    expect([pushed.status, pushed.headers.get('docker-content-digest')]).toEqual([201, digestOf(manifest)]);

    for (const reference of ['v1', digestOf(manifest)]) {
      const pulled = await docker('GET', `manifests/${reference}`, undefined, ANY);
      expect(digestOf(await pulled.text())).toBe(digestOf(manifest));
      expect((await docker('HEAD', `manifests/${reference}`, undefined, ANY)).status).toBe(200);
    }
    const layer = await docker('GET', `blobs/${digestOf('one')}`);
    expect(await layer.text()).toBe('one');
    expect(await (await docker('GET', 'tags/list')).json()).toEqual({ name: 'team/app', tags: ['v1'] });
    expect(aws.leftovers()).toEqual([]);
  });

  test('moves tags, except those that do not move', async () => {
    const docker = client(await login(TOOLS, 'publish'));
    for (const tag of ['v1', 'main']) aws.world.ecr.push(`${APP}:${tag}`, 'one');
    aws.world.ecr.push(`${APP}:other`, 'two');
    const { manifest } = smallImage('two');
    expect((await docker('PUT', 'manifests/main', manifest, OCI)).status).toBe(201);
    expect((await docker('PUT', 'manifests/main', manifest, OCI)).status).toBe(201);
    expect(await errorOf(await docker('PUT', 'manifests/v1', manifest, OCI))).toEqual([400, 'TAG_INVALID']);
    const wrong = await docker('PUT', `manifests/${digestOf('x')}`, manifest, OCI);
    expect(await errorOf(wrong)).toEqual([400, 'DIGEST_INVALID']);
    expect(await errorOf(await docker('GET', 'manifests/none'))).toEqual([404, 'MANIFEST_UNKNOWN']);
    expect(await errorOf(await docker('DELETE', 'manifests/v1'))).toEqual([405, 'UNSUPPORTED']);
    const elsewhere = await docker('GET', `/v2/${HOST}/team/none/manifests/v1`);
    expect(await errorOf(elsewhere)).toEqual([404, 'NAME_UNKNOWN']);
  });

  test('asks who it is and what they may do', async () => {
    expect(await errorOf(await client('')('GET', '/v2/'))).toEqual([401, 'UNAUTHORIZED']);
    aws.world.ecr.push(`${APP}:v1`, 'one');
    const scanner = client(await login(TOOLS, 'scan'));
    expect((await scanner('GET', 'manifests/v1', undefined, ANY)).status).toBe(200);
    expect((await scanner('GET', `blobs/${digestOf('one')}`)).status).toBe(200);
    expect(await errorOf(await scanner('POST', 'blobs/uploads/'))).toEqual([403, 'DENIED']);
    expect((await scanner('HEAD', `blobs/${digestOf('one')}`)).status).toBe(403);
    const foreign = client(await login(PRODUCTION, 'work'));
    expect((await foreign('GET', 'manifests/v1', undefined, ANY)).status).toBe(200);
    expect(await errorOf(await foreign('POST', 'blobs/uploads/'))).toEqual([403, 'DENIED']);
    expect(aws.calls.filter(({ allowed }) => !allowed).map(({ action }) => action)).toEqual([
      'ecr:InitiateLayerUpload',
      'ecr:BatchCheckLayerAvailability',
      'ecr:InitiateLayerUpload',
    ]);
    clock.pass(12 * 3_600);
    expect(await errorOf(await scanner('GET', 'manifests/v1'))).toEqual([403, 'DENIED']);
  });
});

describe('SSM parameters', () => {
  const ssm = () => new Ssm.SSMClient(as(PRODUCTION, 'work'));
  const Name = '/team/app/released';

  test('are written over only when that is asked for', async () => {
    const client = ssm();
    await expect(client.send(new Ssm.PutParameterCommand({ Name, Value: 'one' }))).rejects.toMatchObject({
      name: 'ParameterAlreadyExists',
    });
    const put = { Name, Value: 'one', Overwrite: true };
    expect(await client.send(new Ssm.PutParameterCommand(put))).toMatchObject({ Version: 2 });
    const { Parameter } = await client.send(new Ssm.GetParameterCommand({ Name }));
    expect(Parameter).toMatchObject({
      Value: 'one',
      Version: 2,
      ARN: `arn:aws:ssm:${REGION}:${PRODUCTION}:parameter/team/app/released`,
    });
    const first = await client.send(new Ssm.GetParameterCommand({ Name: `${Name}:1` }));
    expect(first.Parameter).toMatchObject({ Value: 'none', Selector: ':1' });
    expect(aws.world.ssm.history(PRODUCTION, REGION, Name).map(({ value }) => value)).toEqual([
      'none',
      'one',
    ]);
    expect(aws.calls.find(({ action }) => action === 'ssm:PutParameter')?.context).toMatchObject({
      'ssm:Overwrite': 'false',
    });
  });

  test.each([
    [{ Name: '/team/new', Value: 'one' }, 'ValidationException'],
    [{ Name: '/team/new', Value: '', Type: 'String' }, 'ValidationException'],
    [{ Name: '/aws/new', Value: 'one', Type: 'String' }, 'AccessDeniedException'],
    [{ Name: 'team/new', Value: 'one', Type: 'String' }, 'ValidationException'],
    [{ Name, Value: 'one', Type: 'SecureString', Overwrite: true }, 'HierarchyTypeMismatchException'],
    [
      { Name: '/team/new', Value: 'one', Type: 'String', AllowedPattern: '\\d+' },
      'ParameterPatternMismatchException',
    ],
  ] as const)('%j is refused: %s', async (put, name) => {
    await expect(ssm().send(new Ssm.PutParameterCommand(put))).rejects.toMatchObject({ name });
  });

  test('are read by name and by path, hidden or in the clear', async () => {
    const client = ssm();
    const Names = [Name, '/none', `${Name}:7`];
    const { Parameters, InvalidParameters } = await client.send(new Ssm.GetParametersCommand({ Names }));
    expect(Parameters?.map(({ Value }) => Value)).toEqual(['none']);
    expect(InvalidParameters).toEqual(['/none', `${Name}:7`]);

    const secret = { Name: '/team/secret', Value: 'hush', Type: 'SecureString' } as const;
    await client.send(new Ssm.PutParameterCommand(secret));
    const hidden = await client.send(new Ssm.GetParameterCommand({ Name: secret.Name }));
    expect(hidden.Parameter?.Value).not.toContain('hush');
    const shown = await client.send(new Ssm.GetParameterCommand({ Name: secret.Name, WithDecryption: true }));
    expect(shown.Parameter?.Value).toBe('hush');

    const flat = await client.send(new Ssm.GetParametersByPathCommand({ Path: '/team' }));
    expect(flat.Parameters?.map((parameter) => parameter.Name)).toEqual(['/team/secret']);
    const deep = new Ssm.GetParametersByPathCommand({ Path: '/team', Recursive: true, MaxResults: 1 });
    const page = await client.send(deep);
    expect(page.Parameters?.map((parameter) => parameter.Name)).toEqual([Name]);
    expect(page.NextToken).toBeDefined();
    const ami = '/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id';
    const published = await client.send(new Ssm.GetParameterCommand({ Name: ami }));
    expect(published.Parameter?.Value).toMatch(/^ami-[0-9a-f]{17}$/);
  });

  test('are taken away, by a call or by a fault', async () => {
    const client = ssm();
    await client.send(new Ssm.DeleteParameterCommand({ Name }));
    await expect(client.send(new Ssm.GetParameterCommand({ Name }))).rejects.toMatchObject({
      name: 'ParameterNotFound',
    });
    expect(() => aws.world.ssm.remove(PRODUCTION, REGION, Name)).toThrow('not found');
    aws.world.ssm.set(PRODUCTION, REGION, Name, 'foreign');
    expect(aws.world.ssm.get(PRODUCTION, REGION, Name)).toBe('foreign');
  });
});

describe('CloudWatch Logs', () => {
  const group = { logGroupName: '/team/app' };
  const where = { account: PRODUCTION, region: REGION, group: '/team/app', stream: 'app/task/1' };

  test('a stream is read from its end, from its head and page by page', async () => {
    aws.world.logs.write(where, ['one', 'two', 'three']);
    const client = new Logs.CloudWatchLogsClient(as(PRODUCTION, 'work'));
    const stream = { ...group, logStreamName: where.stream };
    const messages = async (more: object) => {
      const { events, ...tokens } = await client.send(new Logs.GetLogEventsCommand({ ...stream, ...more }));
      return { tokens, read: events?.map(({ message }) => message) };
    };
    expect((await messages({ limit: 2 })).read).toEqual(['two', 'three']);
    const head = await messages({ limit: 2, startFromHead: true });
    expect(head.read).toEqual(['one', 'two']);
    const next = await messages({ limit: 2, nextToken: head.tokens.nextForwardToken });
    expect(next.read).toEqual(['three']);
    const end = await messages({ nextToken: next.tokens.nextForwardToken });
    expect(end).toMatchObject({ read: [], tokens: { nextForwardToken: next.tokens.nextForwardToken } });
    await expect(messages({ nextToken: 'x' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(() => {
      aws.world.logs.write({ ...where, group: '/none' }, ['lost']);
    }).toThrow('The specified log group does not exist.');
  });

  test('events are put in order and found by words', async () => {
    const client = new Logs.CloudWatchLogsClient(as(PRODUCTION, 'work'));
    const stream = { ...group, logStreamName: 'mine' };
    const timestamp = clock.now();
    const event = { timestamp, message: 'ERROR out of memory' };
    await expect(
      client.send(new Logs.PutLogEventsCommand({ ...stream, logEvents: [event] })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await client.send(new Logs.CreateLogStreamCommand(stream));
    await expect(client.send(new Logs.CreateLogStreamCommand(stream))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    const backwards = [event, { timestamp: timestamp - 1, message: 'before' }];
    await expect(
      client.send(new Logs.PutLogEventsCommand({ ...stream, logEvents: backwards })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const tooNew = { timestamp: timestamp + 3 * 3_600_000, message: 'tomorrow' };
    const logEvents = [event, { timestamp, message: 'ready' }, tooNew];
    const { rejectedLogEventsInfo } = await client.send(
      new Logs.PutLogEventsCommand({ ...stream, logEvents }),
    );
    expect(rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 2 });

    const found = async (filterPattern: string) => {
      const { events } = await client.send(new Logs.FilterLogEventsCommand({ ...group, filterPattern }));
      return events?.map(({ message }) => message);
    };
    expect(await found('"out of" memory')).toEqual([event.message]);
    expect(await found('-ERROR')).toEqual(['ready']);
    expect(await found('?ready ?nothing')).toEqual(['ready']);

    const { logStreams } = await client.send(new Logs.DescribeLogStreamsCommand(group));
    expect(logStreams?.map(({ logStreamName }) => logStreamName)).toEqual(['mine']);
    const { logGroups } = await client.send(
      new Logs.DescribeLogGroupsCommand({ logGroupNamePrefix: '/team' }),
    );
    expect(logGroups?.[0]).toMatchObject({ ...group, retentionInDays: 7 });
  });

  test('a policy that names the group without :* lets nobody read its streams', async () => {
    aws.world.logs.write(where, ['one']);
    const client = new Logs.CloudWatchLogsClient(as(PRODUCTION, 'blind'));
    await expect(
      client.send(new Logs.GetLogEventsCommand({ ...group, logStreamName: where.stream })),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('S3', () => {
  const s3As = (name: string) => new S3.S3Client({ ...as(PRODUCTION, name), forcePathStyle: true });

  test('an object comes back as it was put', async () => {
    const client = s3As('work');
    const at = { Bucket: 'plain', Key: 'runs/1/a file.json' };
    const put = await client.send(
      new S3.PutObjectCommand({
        ...at,
        Body: '{"a":1}',
        ContentType: 'application/json',
        Metadata: { run: '1' },
      }),
    );
    expect(put.ETag).toBe('"bb6cb5c68df4652941caf652a366f2d8"');
    const got = await client.send(new S3.GetObjectCommand(at));
    expect(await got.Body?.transformToString()).toBe('{"a":1}');
    const head = await client.send(new S3.HeadObjectCommand(at));
    expect(head).toMatchObject({ ContentType: 'application/json', ContentLength: 7, Metadata: { run: '1' } });
    expect(head.LastModified).toEqual(new Date(Date.UTC(2026, 10, 20, 12)));
    expect(aws.leftovers()).toEqual([expect.stringContaining('s3://plain/runs/1/a file.json')]);
    const again = new S3.PutObjectCommand({ ...at, Body: 'x', IfNoneMatch: '*' });
    await expect(client.send(again)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await client.send(new S3.DeleteObjectCommand(at));
    await expect(client.send(new S3.GetObjectCommand(at))).rejects.toMatchObject({ name: 'NoSuchKey' });
    expect(aws.leftovers()).toEqual([]);
  });

  test('keys are listed by prefix, delimiter and page', async () => {
    for (const key of ['a/1', 'a/2', 'b', 'c d']) aws.world.s3.set('plain', key, key);
    const client = s3As('work');
    const listed = async (more: object) => {
      const {
        Contents = [],
        CommonPrefixes = [],
        ...rest
      } = await client.send(new S3.ListObjectsV2Command({ Bucket: 'plain', ...more }));
      return {
        names: [...CommonPrefixes.map(({ Prefix }) => Prefix), ...Contents.map(({ Key }) => Key)],
        rest,
      };
    };
    expect((await listed({ Prefix: 'a/', MaxKeys: 1 })).names).toEqual(['a/1']);
    const first = await listed({ Delimiter: '/' });
    expect(first.names).toEqual(['a/', 'b']);
    expect(first.rest.IsTruncated).toBe(true);
    const second = await listed({ Delimiter: '/', ContinuationToken: first.rest.NextContinuationToken });
    expect(second.names).toEqual(['c d']);
    expect((await listed({ Prefix: 'c', EncodingType: 'url' })).names).toEqual(['c%20d']);
    expect(await client.send(new S3.HeadBucketCommand({ Bucket: 'plain' }))).toMatchObject({
      BucketRegion: REGION,
    });
    await expect(client.send(new S3.ListObjectsV2Command({ Bucket: 'none' }))).rejects.toMatchObject({
      name: 'NoSuchBucket',
    });
  });

  test('versions stay behind a delete marker', async () => {
    const client = s3As('work');
    const at = { Bucket: 'versioned', Key: 'key' };
    expect(await client.send(new S3.GetBucketVersioningCommand({ Bucket: 'versioned' }))).toMatchObject({
      Status: 'Enabled',
    });
    expect(
      (await client.send(new S3.GetBucketVersioningCommand({ Bucket: 'plain' }))).Status,
    ).toBeUndefined();
    const { VersionId } = await client.send(new S3.PutObjectCommand({ ...at, Body: 'one' }));
    await client.send(new S3.PutObjectCommand({ ...at, Body: 'two' }));
    const Delete = { Objects: [{ Key: 'key' }] };
    const { Deleted } = await client.send(new S3.DeleteObjectsCommand({ Bucket: 'versioned', Delete }));
    expect(Deleted).toMatchObject([{ Key: 'key', DeleteMarker: true }]);
    const old = await client.send(new S3.GetObjectCommand({ ...at, VersionId }));
    expect(await old.Body?.transformToString()).toBe('one');
    const all = await client.send(new S3.ListObjectVersionsCommand({ Bucket: 'versioned' }));
    expect([all.Versions?.length, all.DeleteMarkers?.length]).toEqual([2, 1]);
    const marker = all.DeleteMarkers?.[0]?.VersionId;
    await client.send(new S3.DeleteObjectCommand({ ...at, VersionId: marker }));
    expect(aws.world.s3.get('versioned', 'key')?.toString()).toBe('two');
  });

  test('policies of buckets count, and a missing key is no news for everybody', async () => {
    const sealed = new S3.PutObjectCommand({ Bucket: 'plain', Key: 'sealed/1', Body: 'x' });
    await expect(s3As('work').send(sealed)).rejects.toMatchObject({ name: 'AccessDenied' });
    const missing = new S3.GetObjectCommand({ Bucket: 'plain', Key: 'none' });
    await expect(s3As('blind').send(missing)).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(s3As('work').send(missing)).rejects.toMatchObject({ name: 'NoSuchKey' });
    const broken = { Bucket: 'plain', Key: 'k', Body: 'x', ContentMD5: 'AAAAAAAAAAAAAAAAAAAAAA==' };
    await expect(s3As('work').send(new S3.PutObjectCommand(broken))).rejects.toMatchObject({
      name: 'BadDigest',
    });
  });
});

test('what nobody models is refused, and spoils the rehearsal', async () => {
  const { logs, s3 } = aws.world;
  const group = { account: PRODUCTION, region: REGION, group: '/team/app', stream: 'app' };
  logs.write(group, ['line']);
  s3.set('plain', 'key', 'value');
  const work = as(PRODUCTION, 'work');
  const secret = { Name: '/team/new', Value: 'one', Type: 'SecureString', KeyId: 'mine' } as const;
  const pattern = { logGroupName: '/team/app', filterPattern: '{ $.level = "error" }' };
  const range = { Bucket: 'plain', Key: 'key', Range: 'bytes=0-1' };
  for (const call of [
    new Ssm.SSMClient(work).send(new Ssm.PutParameterCommand(secret)),
    new Logs.CloudWatchLogsClient(work).send(new Logs.FilterLogEventsCommand(pattern)),
    new S3.S3Client(work).send(new S3.GetObjectCommand(range)),
  ]) {
    await expect(call).rejects.toMatchObject({ name: 'NotImplemented' });
  }
  unmodelled = [
    'ssm: the rehearsal does not model KeyId of ssm:PutParameter',
    'logs: the rehearsal does not model the filter pattern { $.level = "error" }',
    's3: the rehearsal does not model Range of s3:GetObject',
  ];
});

test('a property that no model knows is refused with its place', () => {
  const resource = {
    ...{ stack: 'tools', account: TOOLS, region: REGION, logicalId: 'App', path: 'tools/App/Resource' },
    ...{ type: 'AWS::ECR::Repository', properties: { Colour: 'red', ImageTagMutability: 'SOMETIMES' } },
  };
  const make = () => aws.world.ecr.makes['AWS::ECR::Repository'](resource);
  expect(make).toThrow(/NotRehearsed[\s\S]*tools\/App\/Resource \(AWS::ECR::Repository\)[\s\S]*Colour/);
});

test('a situation is taken up again with images, parameters, lines and objects', () => {
  const { ecr, logs, s3, ssm } = aws.world;
  const place = { account: PRODUCTION, region: REGION, group: '/team/app', stream: 'app' };
  ecr.push(`${APP}:v1`, 'one');
  const situation = aws.snapshot();
  ecr.push(`${APP}:v2`, 'two');
  ssm.set(PRODUCTION, REGION, '/team/app/released', 'changed');
  s3.set('plain', 'key', 'value');
  logs.write(place, ['line']);
  aws.restore(situation);
  expect([...ecr.tags(APP).keys()]).toEqual(['v1']);
  expect(ssm.get(PRODUCTION, REGION, '/team/app/released')).toBe('none');
  expect(s3.keys('plain')).toEqual([]);
  expect([...logs.state.groups.values()].flatMap(({ streams }) => [...streams.keys()])).toEqual([]);
});
