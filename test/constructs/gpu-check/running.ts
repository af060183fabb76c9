import type { CellRun, FailureCause } from '../../../constructs/gpu-check/runtime';
import type { Fault } from '../../conformance/aws-server';
import {
  DECLARED,
  FIGURES,
  HOST_DRIVER,
  requestOf,
  says,
  type StartWorld,
  TESTED,
  type World,
} from './world';

const NOTHING = { tasks: 0, definitions: [] };

const causeOf = ({ outcome }: CellRun): FailureCause | undefined =>
  outcome.verdict === 'failed' ? outcome.cause : undefined;

export function describeRunning(start: StartWorld): void {
  describe('running a combination', () => {
    test('A10 tests a combination on a host that has its driver, and says how long what took', async () => {
      const world = await start();
      const context = world.context();
      const run = await world.run(requestOf(TESTED), context);
      expect(run.outcome).toEqual({ verdict: 'tested', figures: FIGURES });
      expect(run.task).toMatchObject({
        definition: 'kvs-infer-gpu-check:2',
        instanceType: 'g4dn.xlarge',
        ran: 40,
      });
      expect(run.task?.waited).toBeGreaterThan(0);
      expect(run.leftBehind).toEqual([]);
      expect(world.left).toEqual(NOTHING);
      expect(context.events.map(({ data }) => data?.status).filter(Boolean)).toEqual([
        'PROVISIONING',
        'RUNNING',
        'STOPPED',
      ]);
    });

    test('A10 declares a combination whose driver the host does not have', async () => {
      const world = await start();
      const { outcome } = await world.run(requestOf(DECLARED));
      expect(outcome).toEqual({ verdict: 'declared', figures: { ...FIGURES, driver: HOST_DRIVER } });
    });

    test('A10 runs on the instance type that was asked for', async () => {
      const world = await start();
      const { task } = await world.run(requestOf(TESTED, { instanceType: 'g4dn.2xlarge' }));
      expect(task?.instanceType).toBe('g4dn.2xlarge');
    });

    test.each([
      ['it finds no driver', 'noDriver', says({ error: 'noDriver', message: 'nvidia-smi: no such file' }, 3)],
      ['it exits with 3', 'noDriver', { seconds: 5, lines: [], code: 3 }],
      [
        'the GPU computes wrongly',
        'wrongResult',
        says({ error: 'wrongResult', message: 'a product differs' }, 4),
      ],
      [
        'CUDA reports an error',
        'cudaFault',
        says({ error: 'cudaFault', message: 'the provided PTX was' }, 1),
      ],
      ['the image has another CUDA', 'otherVersions', says({ ...FIGURES, cuda: '12.6' })],
      ['the image has another PyTorch', 'otherVersions', says({ ...FIGURES, pytorch: '2.4.1' })],
      ['its figures cannot be read', 'noFigures', says({ ...FIGURES, driver: 'none' })],
      ['it gives up', 'timedOut', says({ error: 'timedOut', message: 'not ended after 1200 s' }, 5)],
      ['it exits with 5', 'timedOut', { seconds: 5, lines: [], code: 5 }],
      ['it breaks down', 'taskStopped', { seconds: 5, lines: ['Traceback'], code: 1 }],
    ] as const)('A10 a combination fails when %s (%s)', async (_, cause, program) => {
      const world = await start();
      world.program = program;
      const run = await world.run(requestOf(TESTED));
      expect(causeOf(run)).toBe(cause);
      expect(world.left).toEqual(NOTHING);
    });

    test('A10 shows what a program wrote as evidence of its failure', async () => {
      const world = await start();
      world.program = { seconds: 5, lines: ['Traceback (most recent call last)', 'MemoryError'], code: 1 };
      const { outcome } = await world.run(requestOf(TESTED));
      expect(outcome).toMatchObject({ evidence: expect.arrayContaining(['MemoryError']) as unknown });
    });

    test('A10 waits for lines that come late, and fails without figures when none come', async () => {
      const late = await start();
      late.ecs.state.timing.logsWithin = 12;
      expect((await late.run(requestOf(TESTED))).outcome.verdict).toBe('tested');
      const lost = await start();
      lost.ecs.state.timing.logsWithin = Infinity;
      expect(causeOf(await lost.run(requestOf(TESTED)))).toBe('noFigures');
      expect(lost.left).toEqual(NOTHING);
    });

    test('A10 gives up when no instance came until the deadline, and stops its task', async () => {
      const world = await start();
      world.soldOut();
      const began = world.clock.now();
      const run = await world.run(requestOf(TESTED, { timeoutMinutes: 10 }));
      expect(causeOf(run)).toBe('noCapacity');
      expect(world.clock.now() - began).toBeGreaterThanOrEqual(10 * 60_000);
      expect(world.left).toEqual(NOTHING);
      expect(world.server.actions()).toContain('ecs:StopTask');
    });

    test('A10 stops a program that runs too long', async () => {
      const world = await start();
      world.program = { seconds: 7_200, lines: [], code: 0 };
      const run = await world.run(requestOf(TESTED, { timeoutMinutes: 20 }));
      expect(causeOf(run)).toBe('timedOut');
      expect(world.left).toEqual(NOTHING);
    });

    test('A10 asks for no type that the check has no capacity for', async () => {
      const world = await start();
      expect(causeOf(await world.run(requestOf(TESTED, { instanceType: 'g4dn.metal' })))).toBe('noCapacity');
      expect(world.calls).toEqual([]);
    });

    test.each([0, 30, 150])(
      'A10 leaves nothing behind when it is told to stop after %i s',
      async (seconds) => {
        const world = await start();
        const context = world.context();
        world.program = { seconds: 7_200, lines: [], code: 0 };
        if (seconds === 0) context.interrupt();
        else world.clock.in(seconds, context.interrupt);
        const run = await world.run(requestOf(TESTED), context);
        expect(causeOf(run)).toBe('interrupted');
        world.clock.pass(60);
        expect(world.left).toEqual(NOTHING);
      },
    );

    test('A10 says that the stack is missing', async () => {
      const world = await start();
      world.forgetStack();
      const { outcome } = await world.run(requestOf(TESTED));
      expect(outcome).toMatchObject({
        cause: 'notRun',
        remedy: expect.stringContaining('cdk deploy ml-platform') as unknown,
      });
    });
  });

  describe('a GPU check in bad weather', () => {
    const meet = (world: World, action: RegExp, kind: Fault['kind'], times = 2) =>
      world.server.faults.push({ action, kind, times });

    test.each(['throttle', 'serverError', 'reset'] as const)(
      'A10 a call that is answered by %s is made again',
      async (kind) => {
        const world = await start();
        for (const action of [
          'RegisterTask',
          'RunTask',
          'DescribeTasks',
          'Deregister',
          'GetLogEvents',
          'GetParameter',
        ])
          meet(world, new RegExp(`:${action}`), kind);
        expect((await world.run(requestOf(TESTED))).outcome.verdict).toBe('tested');
        expect(world.left).toEqual(NOTHING);
      },
    );

    test('A10 goes on when ECS cannot be asked for a while', async () => {
      const world = await start();
      const context = world.context();
      meet(world, /:DescribeTasks/, 'serverError', 6);
      expect((await world.run(requestOf(TESTED), context)).outcome.verdict).toBe('tested');
      expect(context.codes()).toContain('aws.unreachable');
    });

    test.each([
      ['GetParameter', 'notRun'],
      ['RegisterTaskDefinition', 'notRun'],
      ['RunTask', 'notRun'],
      ['DescribeTasks', 'notRun'],
      ['GetLogEvents', 'notRun'],
    ])('A10 leaves nothing behind when IAM refuses %s', async (action, cause) => {
      const world = await start();
      meet(world, new RegExp(`:${action}$`), 'denied', 99);
      const run = await world.run(requestOf(TESTED));
      expect(causeOf(run)).toBe(cause);
      world.clock.pass(60);
      expect(world.left).toEqual(NOTHING);
    });

    test('A10 says why AWS refused a call, and nothing of how to mend it, as what was found', async () => {
      const world = await start();
      meet(world, /:RunTask$/, 'denied', 99);
      const { outcome } = await world.run(requestOf(TESTED));
      expect(outcome).toMatchObject({
        message: expect.stringMatching(/^ecs:RunTask: (?!.*(got|allowed))/) as unknown,
      });
    });

    test('A10 keeps its verdict when IAM refuses to say where it ran', async () => {
      const world = await start();
      meet(world, /:DescribeContainerInstances/, 'denied', 99);
      const { outcome, task } = await world.run(requestOf(TESTED));
      expect(outcome.verdict).toBe('tested');
      expect(task).not.toHaveProperty('instanceType');
    });

    test('A10 names what it could not clean up, and how', async () => {
      const world = await start();
      world.program = { seconds: 7_200, lines: [], code: 0 };
      meet(world, /:(StopTask|DeregisterTaskDefinition)/, 'denied', 99);
      const { leftBehind } = await world.run(requestOf(TESTED, { timeoutMinutes: 15 }));
      expect(leftBehind).toEqual([
        expect.stringMatching(/^aws ecs stop-task --cluster kvs-infer-gpu-check --task /),
        'aws ecs deregister-task-definition --task-definition kvs-infer-gpu-check:2',
      ]);
    });

    test('A10 tells that a task may run whose request was never answered', async () => {
      const world = await start();
      meet(world, /:RunTask/, 'serverError', 99);
      const { leftBehind } = await world.run(requestOf(TESTED));
      expect(leftBehind).toEqual([
        'aws ecs list-tasks --cluster kvs-infer-gpu-check --family kvs-infer-gpu-check',
      ]);
    });
  });
}
