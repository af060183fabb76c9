import type { ServiceUpdate } from '../../../../constructs/ecs-service/spec';
import { ACCOUNT, image, REGION, specOf, type StartWorld, type World, type WorldOptions } from './world';

const FUNCTION = 'kvs-infer-production-verify';
const HOOK = {
  functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FUNCTION}`,
  roleArn: `arn:aws:iam::${ACCOUNT}:role/kvs-infer-hook`,
};
const BLUE_GREEN: ServiceUpdate = { strategy: 'blueGreen', bakeMinutes: 5, hook: HOOK };
const CANARY: ServiceUpdate = {
  strategy: 'canary',
  bakeMinutes: 5,
  canaryPercent: 10,
  canaryMinutes: 10,
  hook: HOOK,
};
const LINEAR: ServiceUpdate = {
  strategy: 'linear',
  bakeMinutes: 1,
  stepPercent: 25,
  stepMinutes: 3,
  hook: HOOK,
};

/** The spec whose calls are compared with those that are made. */
export const shiftingSpec = () => specOf(shifting(BLUE_GREEN).spec);

/** A workload with a strategy, a verification and an alarm. */
const shifting = (update: ServiceUpdate, options: WorldOptions = {}): WorldOptions => ({
  ...options,
  spec: {
    update,
    alarms: ['kvs-infer-5xx'],
    verification: { functionName: FUNCTION },
    deployTimeoutMinutes: 60,
    ...options.spec,
  },
});

/** Percentages of the new version, one after the other, as events tell them. */
const productionOf = (context: ReturnType<World['context']>): readonly unknown[] => [
  ...new Set(
    context.events.filter(({ code }) => code === 'deployment.traffic').map(({ data }) => data?.production),
  ),
];

const startDeploying = async (world: World, digit: string) =>
  world.deployer().deploy({ images: [image(digit)] }, world.context());

/** A deployment whose traffic has moved, and whose bake is not over. */
async function startBaking(world: World) {
  await world.release(image('1'));
  const receipt = await startDeploying(world, '2');
  world.clock.pass(90);
  const stage = world.model.current?.shift?.stage;
  if (stage !== 'BAKE_TIME') throw new Error(`it is in ${stage ?? 'no stage'}`);
  return receipt;
}

const strategyNow = (world: World) => world.model.service.strategy;

export function describeShifting(start: StartWorld): void {
  describe('strategies that shift traffic', () => {
    test.each([
      ['blueGreen', BLUE_GREEN, [0, 100]],
      ['canary', CANARY, [0, 10, 100]],
      ['linear', LINEAR, [0, 25, 50, 75, 100]],
    ] as const)('D04 %s is followed through its stages, with the percentages', async (_, update, shares) => {
      const world = await start(shifting(update));
      await world.release(image('1'));
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [image('2')] }, context);
      expect(await world.deployer().wait(receipt, context)).toMatchObject({ result: 'succeeded' });
      expect(productionOf(context)).toEqual(shares);
      const stages = context.events.filter(({ code }) => code === 'deployment.stage');
      expect(stages.map(({ data }) => data?.stage)).toEqual(
        expect.arrayContaining(['SCALE_UP', 'PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME']),
      );
      expect(world.released.image).toBe(image('2').toString());
    });

    test('D04 a hook that finds the new tasks bad ends the deployment, and is named', async () => {
      const world = await start(shifting(BLUE_GREEN));
      await world.release(image('1'));
      world.hookAnswer = { ok: true, output: { hookStatus: 'FAILED' }, seconds: 2 };
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [image('2')] }, context);
      expect(await world.deployer().wait(receipt, context)).toMatchObject({
        reason: 'rolledBackByAws',
        message: expect.stringContaining(`the hook ${FUNCTION} failed`) as unknown,
        running: { image: image('1').toString() },
      });
      expect(productionOf(context)).toEqual([0]);
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis?.cause).toContain('did not answer as they should by the test listener');
      const back = await world.deployer().rollback({ deployment: receipt.deployment ?? '' }, world.context());
      expect(back.result).toBe('alreadyRolledBack');
    });

    test.each([
      ['while a canary has its traffic', CANARY],
      ['in the bake', BLUE_GREEN],
    ] as const)('D04 an alarm %s ends the deployment, and is named', async (_, update) => {
      const world = await start(shifting(update));
      await world.release(image('1'));
      const receipt = await startDeploying(world, '2');
      world.clock.in(90, () => world.ringing.add('kvs-infer-5xx'));
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'rolledBackByAws',
        message: expect.stringContaining('kvs-infer-5xx') as unknown,
      });
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('D04 tasks that fail one after the other end the deployment, which no circuit breaker does', async () => {
      const world = await start(shifting(BLUE_GREEN));
      await world.release(image('1'));
      world.behaves(image('f'), { kind: 'exits', code: 1 });
      const receipt = await startDeploying(world, 'f');
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'failed',
        message: expect.stringMatching(
          /^\d+ tasks failed one after the other, the threshold is 3; ECS has restored the earlier version$/,
        ) as unknown,
        running: { image: image('1').toString() },
      });
      const [diagnosis] = await world.deployer().diagnose(world.context());
      expect(diagnosis?.cause).toContain('exit code 1');
    });

    test('D04 a second fleet without places is given up, with what it needs', async () => {
      const instances = ['a', 'b', 'c'].map((id) => ({ id: `i-${id}`, gpus: 1 }));
      const capacity = {
        instanceTypes: ['g4dn.xlarge'],
        purchase: 'onDemand' as const,
        gpusPerInstance: 1,
        maxInstances: 3,
        gpusPerTask: 1,
        placementTimeoutMinutes: 10,
      };
      const world = await start(shifting(BLUE_GREEN, { instances, spec: { capacity } }));
      await world.release(image('1'));
      const receipt = await startDeploying(world, '2');
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({ reason: 'noCapacity' });
      const diagnoses = await world.deployer().diagnose(world.context());
      expect(diagnoses.map(({ remedy }) => remedy).join()).toContain('both versions run at full size');
    });

    test('D04 a first release that its hook refuses leaves nothing behind', async () => {
      const world = await start(shifting(BLUE_GREEN));
      world.hookAnswer = { ok: false, reason: 'Task timed out after 30.00 seconds', seconds: 30 };
      const receipt = await startDeploying(world, '1');
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        reason: 'rolledBackByAws',
        message: expect.stringContaining('nothing ran before it') as unknown,
      });
      const back = await world.deployer().rollback({ deployment: receipt.deployment ?? '' }, world.context());
      expect(back).toMatchObject({
        result: 'rolledBack',
        message: expect.stringContaining('zero tasks') as unknown,
      });
      expect(world.released.image).toBe('none');
    });

    test('D04 nothing is deployed while the stack has yet to set the service up for the strategy', async () => {
      const world = await start(shifting(CANARY, { stackIsCurrent: false }));
      const before = world.calls.length;
      await expect(startDeploying(world, '1')).rejects.toMatchObject({
        code: 'NotDeployed',
        message: expect.stringMatching(/strategy canary.*ROLLING.*npx cdk deploy/s) as unknown,
      });
      expect(world.changesSince(before)).toEqual([]);
    });

    test('D03 going back in the bake asks ECS to end the deployment, and deploys nothing', async () => {
      const world = await start(shifting(BLUE_GREEN));
      const { deployment = '' } = await startBaking(world);
      const before = world.calls.length;
      expect(await world.deployer().rollback({ deployment }, world.context())).toMatchObject({
        result: 'rolledBack',
        to: { image: image('1').toString() },
      });
      expect(world.changesSince(before)).toEqual(['ecs:StopServiceDeployment']);
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('D03 going back after the end is all at once; the next deployment sends the declared settings again', async () => {
      const world = await start(shifting(CANARY));
      await world.release(image('1'));
      await world.release(image('2'));
      const { deployment = '' } = await world.deployer().current(world.context());
      const context = world.context();
      expect(await world.deployer().rollback({ deployment }, context)).toMatchObject({
        result: 'rolledBack',
        to: { image: image('1').toString() },
      });
      expect(productionOf(context)).toEqual([0, 100]);
      expect(strategyNow(world)).toEqual({ kind: 'BLUE_GREEN', bakeTime: 0, hooks: [] });
      const { facts } = await world.deployer().status(world.context());
      expect(facts).toContainEqual(['strategy', 'canary (the service is set up for BLUE_GREEN)']);
      await world.release(image('3'));
      expect(strategyNow(world)).toMatchObject({
        kind: 'CANARY',
        bakeTime: 5,
        part: { percent: 10, wait: 10 },
      });
    });

    test.each([
      ['that ran before it: ECS goes back to it', '1', ['ecs:StopServiceDeployment']],
      [
        'that is older: it is deployed then',
        '0',
        ['ecs:StopServiceDeployment', 'ecs:UpdateService', 'ssm:PutParameter', 'ssm:PutParameter'],
      ],
    ] as const)(
      'D03 a deployment under way is ended before going to an image %s',
      async (_, digit, changes) => {
        const world = await start(shifting(CANARY));
        await world.release(image('0'));
        await world.release(image('1'));
        await startDeploying(world, '2');
        world.clock.pass(90);
        const before = world.calls.length;
        const back = await world.deployer().recall?.(image(digit), world.context());
        expect(back).toMatchObject({ result: 'rolledBack', to: { image: image(digit).toString() } });
        expect(world.changesSince(before)).toEqual(changes);
        expect(world.running).toEqual([image(digit).toString()]);
      },
    );

    test.each([
      ['an image', (world: World) => world.deployer().recall?.(image('1'), world.context())],
      [
        'a revision',
        (world: World) => world.deployer().rollback({ revision: 'kvs-infer-production:2' }, world.context()),
      ],
    ] as const)(
      'D03 a way back to %s that finds no places fails, and nobody is left without the service',
      async (_, goBack) => {
        const world = await start(shifting(CANARY));
        await world.release(image('1'));
        await world.release(image('2'));
        world.model.instances.splice(0, 2);
        world.clock.pass(60);
        await expect(goBack(world)).rejects.toMatchObject({
          code: 'RollbackFailed',
          message: expect.stringContaining('tasks cannot be placed') as unknown,
        });
        expect(world.running).toEqual([image('2').toString()]);
      },
    );

    test('D03 an image that never ran here is refused', async () => {
      const world = await start(shifting(LINEAR));
      await world.release(image('1'));
      await expect(world.deployer().recall?.(image('9'), world.context())).rejects.toMatchObject({
        code: 'NoVersionOfImage',
      });
    });

    test('D04 ECS goes on when the run that follows it dies; the next one records what it finds', async () => {
      const world = await start(shifting(LINEAR));
      await world.release(image('1'));
      await startDeploying(world, '2');
      world.clock.pass(1_200);
      expect(world.released.image).toBe(image('1').toString());
      expect(await startDeploying(world, '2')).toMatchObject({ state: 'unchanged' });
      expect(world.released.image).toBe(image('2').toString());
    });

    test('D04 status tells the strategy, and the traffic while it moves', async () => {
      const world = await start(shifting(CANARY));
      await world.release(image('1'));
      await startDeploying(world, '2');
      world.clock.pass(90);
      const { facts, changingTo } = await world.deployer().status(world.context());
      expect(changingTo?.image).toBe(image('2').toString());
      expect(facts).toContainEqual(['strategy', 'canary']);
      expect(facts).toContainEqual([
        'traffic',
        '10 % to kvs-infer-production:3, 90 % to kvs-infer-production:2; test traffic: 100 % to kvs-infer-production:3',
      ]);
    });
  });

  describe('verification through the load balancer', () => {
    const check = async (verificationAnswer?: string) => {
      const world = await start(shifting(BLUE_GREEN, verificationAnswer ? { verificationAnswer } : {}));
      const name = await world.release(image('1'));
      const checks = await world.deployer().verify({ name }, world.context());
      return checks.find((each) => each.name === 'answer through the load balancer');
    };

    test('a service that answers passes', async () => {
      expect(await check()).toEqual({
        name: 'answer through the load balancer',
        passed: true,
        detail: '200 after 12 ms',
      });
    });

    test('a function that is not there yet is no good answer either', async () => {
      const world = await start(shifting({ strategy: 'rolling' }, { stackIsCurrent: false }));
      await world.release(image('1'));
      const checks = await world.deployer().verify(undefined, world.context());
      expect(checks.at(-1)).toMatchObject({
        passed: false,
        detail: `there is no function ${FUNCTION}`,
        change: 'deploy the stack of this environment, then verify again',
      });
    });

    test.each([
      ['answers badly', "{ passed: false, detail: '503 after 9 ms' }", '503 after 9 ms'],
      ['cannot be asked', 'missing.answer', `the function ${FUNCTION} failed`],
      ['answers in another form', "{ passed: 'yes' }", `the function ${FUNCTION} answered in another form`],
    ])('a service that %s does not', async (_, answer, detail) => {
      expect(await check(answer)).toMatchObject({
        passed: false,
        detail: expect.stringContaining(detail) as unknown,
        change: expect.any(String) as unknown,
      });
    });
  });
}
