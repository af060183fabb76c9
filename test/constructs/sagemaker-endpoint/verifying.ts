import { BUCKET, image, LOG_GROUP, type StartWorld, type World } from './world';

const failedOf = async (world: World) =>
  (await world.deployer().verify(undefined, world.context()))
    .filter(({ passed }) => !passed)
    .map(({ name, detail }) => `${name}: ${detail}`);

/** `verify` and `diagnose`. */
export function describeVerifying(start: StartWorld): void {
  describe('verifying', () => {
    const serving = async (spec = {}) => {
      const world = await start(spec);
      await world.release(image('1'));
      return world;
    };

    test('B06 sends the payload as often as declared, and passes', async () => {
      const world = await serving();
      const before = world.calls.length;
      expect(await failedOf(world)).toEqual([]);
      const asked = world.calls.slice(before).filter(({ action }) => action === 'sagemaker:InvokeEndpoint');
      expect(asked).toHaveLength(3);
    });

    test.each([
      [{ body: '{"predictions": ["many"]}' }, /^answer schema: predictions\.0: /],
      [{ body: '{"predictions": []}' }, /^answer schema: predictions: /],
      [{ body: '{"result": 1}' }, /^answer schema: the answer: must have required property 'predictions'$/],
      [{ body: 'ok' }, /^answer schema: the answer is no JSON: ok$/],
      [{ contentType: 'text/html' }, /^content type: text\/html came, application\/json should$/],
      [{ takes: 2 }, /^latency: the slowest of 3 calls took 2\d{3} ms, 500 ms are allowed$/],
    ])('B06 the answer %j fails', async (answer, expected) => {
      const world = await serving();
      world.sagemaker.answer({ answer: { kind: 'answers', ...answer } });
      const failed = await failedOf(world);
      expect(failed).toEqual([expect.stringMatching(expected)]);
    });

    test('B06 a payload that does not fit the signature is explained', async () => {
      const world = await serving();
      const message = "Failed to enforce schema of data: Model is missing inputs ['humidity'].";
      world.sagemaker.answer({ answer: { kind: 'refuses', status: 400, message } });
      expect(await failedOf(world)).toEqual([
        expect.stringMatching(/^answer: the model answered with 400: .*humidity.*MLmodel file$/),
      ]);
    });

    test('B06 an error of the container and a silent one are findings', async () => {
      const world = await serving();
      world.sagemaker.answer({ answer: { kind: 'refuses', status: 500, message: 'schema of what?' } });
      expect(await failedOf(world)).toEqual(['answer: the model answered with 500: schema of what?']);
      world.sagemaker.answer({ answer: { kind: 'hangs' } });
      expect(await failedOf(world)).toEqual([expect.stringMatching(/^answer: .*timed out/)]);
      world.server.faults.push({ action: /InvokeEndpoint/, times: 1, kind: 'throttle' });
      expect(await failedOf(world)).toEqual([
        'answer: the model could not be asked: ThrottlingException: Rate exceeded',
      ]);
    });

    test('B06 autoscaling is no fault, and what it scales can be confirmed', async () => {
      const world = await start();
      const receipt = await world.deploy(image('1'));
      await world.deployer().wait(receipt, world.context());
      Object.assign(world.sagemaker.state.endpoints[0] ?? {}, { status: 'Updating' });
      expect(world.view).toMatchObject({ config: receipt.version.name });
      const checks = await world.deployer().verify(receipt.version, world.context());
      expect(checks.filter(({ passed }) => !passed)).toEqual([]);
      await world.deployer().confirm?.(receipt.version, world.context());
      expect(world.released('releasedConfig')).toBe(receipt.version.name);
    });

    test('B06 a model that was replaced or deleted is a finding, for new instances would read it', async () => {
      const world = await serving();
      world.s3.set(BUCKET, 'models/1/model.tar.gz', 'changed');
      const expected = /^model artifact: .*was replaced or deleted/;
      expect(await failedOf(world)).toEqual([expect.stringMatching(expected)]);
      world.s3.state.buckets.get(BUCKET)?.objects.delete('models/1/model.tar.gz');
      expect(await failedOf(world)).toEqual([expect.stringMatching(expected)]);
    });

    test('B06 a role that may not ask the model is no finding about the model', async () => {
      const world = await serving();
      world.server.faults.push({ action: /InvokeEndpoint/, times: 1, kind: 'denied' });
      await expect(failedOf(world)).rejects.toMatchObject({ code: 'AwsCallFailed' });
    });

    test('B06 a schema may stand in the spec itself', async () => {
      const { verification } = (await start()).spec;
      const world = await serving({ verification: { ...verification, schema: { type: 'array' } } });
      expect(await failedOf(world)).toEqual([expect.stringMatching(/^answer schema: the answer: /)]);
    });

    test.each([
      ['schema', { type: 'cat' }, /verification\.schema: got .*\/type/],
      ['schema', { type: 'object', format: 'email' }, /verification\.schema: got .*unknown format "email"/],
      ['schema', 'no/such.json', /no\/such\.json: got .*ENOENT/],
      ['schema', 'README.md', /README\.md: got .*JSON/],
      ['payload', 'no/such.json', /verification\.payload: got .*ENOENT/],
    ] as const)('B06 a %s like %j is refused before anything is changed', async (field, value, expected) => {
      const { verification } = (await start()).spec;
      const world = await start({ verification: { ...verification, [field]: value } });
      await expect(world.deploy(image('1'))).rejects.toMatchObject({
        code: 'InvalidSpec',
        message: expect.stringMatching(expected) as unknown,
      });
      expect(world.calls).toEqual([]);
    });

    test('another version, a moving endpoint and a wrong record are findings', async () => {
      const world = await serving();
      const checks = await world
        .deployer()
        .verify({ name: 'bikeshare-production-0123456789ab' }, world.context());
      expect(checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual(['deployed version']);
      world.put(world.spec.parameters.releasedModel, 's3://ml-bikeshare-models/other.tar.gz');
      expect(await failedOf(world)).toEqual([expect.stringMatching(/^release record: /)]);
      world.put(world.spec.parameters.releasedModel, 'none');
      await world.deploy(image('2'));
      expect(await failedOf(world)).toContain('endpoint: Updating');
    });

    test('nothing to verify before the first deployment', async () => {
      const world = await start();
      await expect(failedOf(world)).rejects.toMatchObject({ code: 'NotDeployed' });
    });
  });

  describe('diagnosing', () => {
    test('names the cause, with the last lines of the container', async () => {
      const world = await start();
      await world.release(image('1'));
      world.sagemaker.behave({
        image: image('f').toString(),
        behaviour: { kind: 'unhealthy', lines: ['loading model', 'ImportError: libgomp.so.1'] },
      });
      await world.release(image('f'));
      expect(world.logs.state.groups.size).toBe(1);
      expect(LOG_GROUP).toBe('/aws/sagemaker/Endpoints/bikeshare-production');
      expect(await world.deployer().diagnose(world.context())).toMatchObject([
        {
          cause: 'the container does not answer GET /ping on port 8080 with 200 in time',
          evidence: [
            expect.stringContaining('ping health check'),
            'loading model',
            'ImportError: libgomp.so.1',
          ],
        },
      ]);
    });

    test('an endpoint in service has nothing to diagnose', async () => {
      const world = await start();
      await world.release(image('1'));
      expect(await world.deployer().diagnose(world.context())).toEqual([]);
    });
  });
}
