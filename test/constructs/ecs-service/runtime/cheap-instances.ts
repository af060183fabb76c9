import type { Service, Task } from '@aws-sdk/client-ecs';
import type { EcsAccess } from '../../../../constructs/ecs-service/runtime/access';
import { shortageOf } from '../../../../constructs/ecs-service/runtime/capacity';
import { tooManyFailures, tooManyOwnFailures } from '../../../../constructs/ecs-service/runtime/failed-tasks';
import { wasInterrupted } from '../../../../constructs/ecs-service/runtime/interruptions';
import type { DeploymentRecord } from '../../../../constructs/ecs-service/runtime/service-deployments';
import { causeOf, stoppedTask } from '../../../../constructs/ecs-task';
import { image, type StartWorld, type World } from './world';

const SLEEP = { from: '20:00', to: '07:00', days: 'weekdays', timeZone: 'Europe/Berlin' } as const;
const HOURS = 'asleep at 20:00, awake at 07:00, Monday to Friday (Europe/Berlin)';
const SPOT = {
  instanceTypes: ['g4dn.xlarge', 'g4dn.2xlarge'],
  purchase: 'spot',
  gpusPerInstance: 1,
  maxInstances: 4,
  gpusPerTask: 1,
  placementTimeoutMinutes: 10,
} as const;

/** Autoscaling takes the tasks away by its schedule. */
function fallAsleep(world: World): void {
  world.model.service.desired = 0;
  world.clock.pass(30);
}

/** Instances that AWS takes away, and services that sleep. */
export function describeCheapInstances(start: StartWorld): void {
  describe('a service that sleeps', () => {
    async function asleep(): Promise<World> {
      const world = await start({ spec: { sleep: SLEEP } });
      await world.release(image('1'));
      fallAsleep(world);
      return world;
    }

    test('A09 is woken by a deployment, and released once its tasks run', async () => {
      const world = await asleep();
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [image('2')] }, context);
      expect(context.events).toContainEqual({
        code: 'service.woken',
        level: 'info',
        message: `kvs-infer sleeps (${HOURS}): it is woken with 2 tasks, and sleeps again by its schedule`,
        data: { desiredCount: 2 },
      });
      expect(await world.deployer().wait(receipt, context)).toMatchObject({ result: 'succeeded' });
      expect(world.running).toEqual([image('2').toString()]);
      expect(world.released.image).toBe(image('2').toString());
    });

    test('A09 is woken by the image that it runs when it is awake, too', async () => {
      const world = await asleep();
      const receipt = await world.deployer().deploy({ images: [image('1')] }, world.context());
      expect(receipt.state).toBe('started');
      await world.deployer().wait(receipt, world.context());
      expect(world.running).toEqual([image('1').toString()]);
    });

    test('A09 goes back with its tasks awake, so that somebody sees them run', async () => {
      const world = await start({ spec: { sleep: SLEEP } });
      const first = await world.release(image('1'));
      await world.release(image('2'));
      fallAsleep(world);
      const outcome = await world.deployer().rollback({ revision: first }, world.context());
      expect(outcome).toMatchObject({ result: 'rolledBack', to: { name: first } });
      expect(world.running).toEqual([image('1').toString()]);
      expect(world.released.image).toBe(image('1').toString());
    });

    test('A09 that falls asleep in the middle of a deployment has released nothing', async () => {
      const world = await start({ spec: { sleep: SLEEP } });
      await world.release(image('1'));
      const receipt = await world.deployer().deploy({ images: [image('2')] }, world.context());
      world.clock.in(8, () => {
        world.model.service.desired = 0;
      });
      expect(await world.deployer().wait(receipt, world.context())).toMatchObject({
        result: 'failed',
        reason: 'stopped',
        message: `the service fell asleep before its deployment was over: it is ${HOURS}: nothing runs`,
      });
      expect(world.released.image).toBe(image('1').toString());
    });

    test('A09 says so in its state, its diagnosis and its checks', async () => {
      const world = await asleep();
      const { facts } = await world.deployer().status(world.context());
      expect(facts).toContainEqual(['sleep', `${HOURS}: it sleeps now, and a deployment wakes it`]);
      expect(await world.deployer().diagnose(world.context())).toEqual([
        {
          source: 'the number of tasks',
          cause: `the service sleeps (${HOURS}): it has no task`,
          evidence: [],
          remedy: 'wait until it wakes, or deploy: a deployment wakes it',
        },
      ]);
      const [tasks] = await world.deployer().verify(undefined, world.context());
      expect(tasks).toEqual({
        name: 'running tasks',
        passed: false,
        detail: `0 of 0 run, 0 pending; the service sleeps: ${HOURS}`,
      });
    });

    test('A09 says its hours while it is awake', async () => {
      const world = await start({ spec: { sleep: SLEEP } });
      await world.release(image('1'));
      const { facts } = await world.deployer().status(world.context());
      expect(facts).toContainEqual(['sleep', HOURS]);
    });
  });

  describe('a Spot Instance that AWS takes away', () => {
    test('A09 is told once for each of its tasks, and the deployment goes on', async () => {
      const world = await start({ spec: { capacity: SPOT } });
      await world.release(image('1'));
      const context = world.context();
      const receipt = await world.deployer().deploy({ images: [image('2')] }, context);
      let taken: string | undefined;
      world.clock.in(10, () => {
        const task = world.model.alive().find((each) => each.image === image('2').toString());
        const instance = world.model.instances.find(({ id }) => id === task?.instance);
        if (instance) Object.assign(instance, { spot: true });
        taken = task?.id;
        world.model.interruptSpot(task?.instance);
      });
      expect(await world.deployer().wait(receipt, context)).toMatchObject({ result: 'succeeded' });
      const told = context.events.filter(({ code }) => code === 'task.interrupted');
      expect(told.map(({ message }) => message)).toEqual([
        `AWS took the Spot Instance of task ${taken} away; ECS starts another task, once there is an instance`,
      ]);
      expect(world.running).toEqual([image('2').toString()]);
    });

    test.each<[string, Task, boolean]>([
      ['by the notice', { stopCode: 'SpotInterruption' }, true],
      ['by its end', { stopCode: 'TerminationNotice' }, true],
      ['by its host', { stoppedReason: 'Host EC2 (instance i-0) terminated.' }, true],
      [
        'by the scheduler',
        { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity' },
        false,
      ],
      ['by its program', { stopCode: 'EssentialContainerExited' }, false],
    ])('A09 a task that is stopped %s', (_by, task, interrupted) => {
      expect(wasInterrupted(task)).toBe(interrupted);
    });

    test('A09 is the cause of a stopped task, whatever code its container ended with', () => {
      const task = { stopCode: 'SpotInterruption', containers: [{ name: 'app', exitCode: 143 }] } as const;
      expect(causeOf(stoppedTask({ ...task, containers: [...task.containers] }, [])).cause).toBe(
        'AWS took the Spot Instance under the task away',
      );
    });

    const record = {
      strategy: 'CANARY',
      taskDefinition: 'app:2',
      createdAt: new Date(10),
    } as DeploymentRecord;
    const service: Service = {
      desiredCount: 2,
      deployments: [{ taskDefinition: 'app:2', createdAt: new Date(10), failedTasks: 3 }],
    };
    const accessTo = (purchase: 'spot' | 'onDemand', stopped: readonly Task[]): EcsAccess =>
      ({
        spec: { capacity: { ...SPOT, purchase } },
        tasks: { tasks: () => Promise.resolve(stopped) },
      }) as unknown as EcsAccess;
    const stopped = (changes: Task = {}): Task => ({
      stopCode: 'SpotInterruption',
      taskDefinitionArn: 'app:2',
      createdAt: new Date(20),
      ...changes,
    });

    test.each<[string, readonly Task[], boolean]>([
      ['whose instance went', [stopped()], false],
      ['of another version', [stopped({ taskDefinitionArn: 'app:1' })], true],
      ['of an earlier deployment', [stopped({ createdAt: new Date(1) })], true],
      ['that ended by itself', [stopped({ stopCode: 'EssentialContainerExited' })], true],
    ])('A09 a task %s does not count as failed: %#', async (_which, tasks, givenUp) => {
      expect((await tooManyOwnFailures(accessTo('spot', tasks), record, service)) !== undefined).toBe(
        givenUp,
      );
      expect(await tooManyOwnFailures(accessTo('onDemand', tasks), record, service)).toBe(
        '3 tasks failed one after the other, the threshold is 3',
      );
    });

    test('A09 counts less than a failure: two of three are left', () => {
      expect(tooManyFailures(record, service, 0)).toBeDefined();
      expect(tooManyFailures(record, service, 1)).toBeUndefined();
    });

    test('A09 is named where tasks find no place', () => {
      expect(shortageOf(1, [{ registered: 1, free: 0 }], SPOT)).toEqual({
        tasks: 1,
        gpus: 1,
        canGrow: true,
        onSpot: true,
        sentence:
          '1 task × 1 GPU need 1 more GPU; 1 × g4dn.xlarge or g4dn.2xlarge has 0 free; the group may grow to 4, by 3 GPUs, as long as AWS has Spot Instances',
      });
    });
  });
}
