import type { FunctionAnswer } from '../../rehearsal/aws/ecs';
import { stepsOf } from '../../rehearsal/aws/ecs/shift/settings';
import type { Input } from '../../rehearsal/aws/service';
import { ACCOUNT, ALARM, EcsStack, image, NAME, REGION, SERVICE, type StackOptions } from './ecs-stack';

const MINUTE = 60;
const HOOK = {
  HookTargetArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:verify`,
  RoleArn: `arn:aws:iam::${ACCOUNT}:role/hook`,
  LifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'],
};
const BALANCER = {
  ContainerName: 'infer',
  ContainerPort: 8080,
  TargetGroupArn: { Ref: 'Targets' },
  AdvancedConfiguration: {
    AlternateTargetGroupArn: { Ref: 'Alternate' },
    ProductionListenerRule: { Ref: 'Rule' },
    TestListenerRule: { Ref: 'TestRule' },
    RoleArn: `arn:aws:iam::${ACCOUNT}:role/infrastructure`,
  },
};

const BLUE_GREEN = { Strategy: 'BLUE_GREEN' };
const CANARY = {
  Strategy: 'CANARY',
  CanaryConfiguration: { CanaryPercent: 10, CanaryBakeTimeInMinutes: 10 },
};
const LINEAR = {
  Strategy: 'LINEAR',
  LinearConfiguration: { StepPercent: 40, StepBakeTimeInMinutes: 3 },
};

/** A service that shifts traffic, with room for two fleets unless the options say otherwise. */
function stackOf(configuration: Input, options: StackOptions = {}): EcsStack {
  const DeploymentConfiguration = {
    MinimumHealthyPercent: 100,
    MaximumPercent: 200,
    BakeTimeInMinutes: 5,
    Alarms: { Enable: true, Rollback: true, AlarmNames: [ALARM] },
    ...configuration,
  };
  const service = { DeploymentConfiguration, LoadBalancers: [BALANCER] };
  const stack = new EcsStack({ ...options, service });
  stack.ecs.state.timing.listedAfter = 0;
  return stack;
}

/** Image 1 runs on two tasks. */
function released(configuration: Input, options: StackOptions = {}): EcsStack {
  const stack = stackOf(configuration, options);
  stack.release(image('1'), 2);
  until(stack, 60, () => stack.deployment.status === 'SUCCESSFUL');
  expect(stack.ecs.leftovers()).toEqual([]);
  return stack;
}

function until(stack: EcsStack, minutes: number, done: () => boolean): number {
  const begun = stack.clock.now();
  while (!done()) {
    if (stack.clock.now() - begun > minutes * 60_000) throw new Error(`not within ${minutes} minutes`);
    stack.clock.pass(1);
  }
  return (stack.clock.now() - begun) / 1_000;
}

const untilStage = (stack: EcsStack, stage: string): number =>
  until(stack, 60, () => stack.deployment.lifecycleStage === stage);

const untilEnd = (stack: EcsStack): unknown => {
  until(stack, 90, () => stack.deployment.finishedAt !== undefined);
  return stack.deployment.status;
};

/** Weights of a rule, for the primary and the alternate group. */
const weightsOf = (stack: EcsStack, rule: 'Rule' | 'TestRule'): readonly number[] =>
  stack.elbv2.rule(stack.made.get(rule)?.ref ?? '')?.shares.map(({ weight }) => weight) ?? [];

/** Percent of the new revision, and tasks of both. */
const told = (stack: EcsStack) => {
  const { targetServiceRevision: target, sourceServiceRevisions: sources } = stack.deployment;
  return { target: target as Input, source: (sources as readonly Input[])[0] };
};

const stop = (stack: EcsStack): void => {
  const { serviceDeploymentArn } = stack.deployment;
  stack.ask(stack.ecs, 'StopServiceDeployment', { serviceDeploymentArn, stopType: 'ROLLBACK' });
};

describe('how traffic shifts', () => {
  test('blue/green goes through the stages in the order of AWS, with both revisions at full size', () => {
    const stack = released({ ...BLUE_GREEN, LifecycleHooks: [HOOK] });
    expect([weightsOf(stack, 'Rule'), weightsOf(stack, 'TestRule')]).toEqual([
      [0, 100],
      [0, 100],
    ]);
    stack.release(image('2'));
    const seen = new Map<string, string>();
    until(stack, 60, () => {
      const { lifecycleStage, status } = stack.deployment;
      const { target } = told(stack);
      const percents = [target.requestedTestTrafficWeight, target.requestedProductionTrafficWeight];
      if (typeof lifecycleStage === 'string') seen.set(lifecycleStage, percents.join(' '));
      return status === 'SUCCESSFUL';
    });
    // What each stage ended with, as percent of test and production traffic.
    expect([...seen]).toEqual([
      ['PRE_SCALE_UP', '0 0'],
      ['SCALE_UP', '0 0'],
      ['POST_SCALE_UP', '0 0'],
      ['TEST_TRAFFIC_SHIFT', '100 0'],
      ['POST_TEST_TRAFFIC_SHIFT', '100 0'],
      ['PRODUCTION_TRAFFIC_SHIFT', '100 100'],
      ['POST_PRODUCTION_TRAFFIC_SHIFT', '100 100'],
      ['BAKE_TIME', '100 100'],
      ['CLEAN_UP', '100 100'],
    ]);
    expect(weightsOf(stack, 'Rule')).toEqual([100, 0]);
    expect(stack.ecs.service(NAME).runningImages).toEqual([image('2')]);
  });

  test('both fleets run in the bake, which lasts as long as it is configured', () => {
    const stack = released(BLUE_GREEN);
    stack.release(image('2'));
    untilStage(stack, 'BAKE_TIME');
    expect(told(stack)).toMatchObject({
      target: { runningTaskCount: 2, requestedProductionTrafficWeight: 100 },
      source: { runningTaskCount: 2, requestedTaskCount: 2, requestedProductionTrafficWeight: 0 },
    });
    const { services } = stack.ask(stack.ecs, 'DescribeServices', {
      cluster: SERVICE.cluster,
      services: [SERVICE.service],
    });
    expect((services as readonly Input[])[0]?.deployments).toMatchObject([
      { status: 'PRIMARY', desiredCount: 2, runningCount: 2 },
      { status: 'ACTIVE', desiredCount: 2, runningCount: 2 },
    ]);
    expect(untilStage(stack, 'CLEAN_UP')).toBeGreaterThanOrEqual(5 * MINUTE - 1);
    expect(untilEnd(stack)).toBe('SUCCESSFUL');
  });

  test.each([
    [CANARY, [10, 100]],
    [LINEAR, [40, 80, 100]],
  ])('%j goes by these percents', (configuration, percents) => {
    const stack = released(configuration);
    stack.release(image('2'));
    const seen = new Set<number>();
    until(stack, 60, () => {
      seen.add(weightsOf(stack, 'Rule')[0] ?? 0);
      return stack.deployment.status === 'SUCCESSFUL';
    });
    expect([...seen]).toEqual([0, ...percents]);
  });

  test.each([
    ['CANARY', 100, [100]],
    ['LINEAR', 20, [20, 40, 60, 80, 100]],
    ['LINEAR', 33.3, [33.3, 66.6, 99.9, 100]],
    ['LINEAR', 100, [100]],
  ] as const)('%s of %d percent goes by %j', (kind, percent, steps) => {
    const found = stepsOf({ kind, bakeTime: 0, hooks: [], part: { percent, wait: 3 } });
    expect(found.map((step) => Number(step.percent.toFixed(1)))).toEqual(steps);
    expect(found.at(-1)).toEqual({ percent: 100, wait: 0 });
  });

  test('requests of clients go where the weights lead, those of the test listener to the new tasks', () => {
    const stack = released(CANARY);
    stack.release(image('2'));
    untilStage(stack, 'PRODUCTION_TRAFFIC_SHIFT');
    stack.clock.pass(MINUTE);
    const [balancer] = stack.elbv2.state.loadBalancers;
    const groups = (port: number) =>
      Array.from({ length: 100 }, () => {
        const host = balancer?.dnsName ?? '';
        const route = stack.elbv2.route({ host, port, path: '/', at: stack.clock.now() });
        return route.kind === 'target' ? route.target.group : route.kind;
      });
    const primary = stack.made.get('Targets')?.ref;
    expect(groups(80).filter((group) => group === primary)).toHaveLength(10);
    expect(new Set(groups(8080))).toEqual(new Set([primary]));
  });

  test('the first release finds no fleet that it replaces', () => {
    const stack = stackOf(BLUE_GREEN);
    stack.release(image('1'), 2);
    untilStage(stack, 'BAKE_TIME');
    expect(told(stack).source).toMatchObject({ runningTaskCount: 0, requestedTaskCount: 0 });
    expect(stack.ecs.state.tasks).toHaveLength(2);
  });

  test('a newer deployment puts away what one under way has left', () => {
    const stack = released(BLUE_GREEN);
    stack.release(image('2'));
    untilStage(stack, 'BAKE_TIME');
    stack.ecs.deployForeign(NAME, image('3'));
    stack.clock.pass(3);
    expect(weightsOf(stack, 'Rule')).toEqual([0, 100]);
    expect(untilEnd(stack)).toBe('SUCCESSFUL');
    expect(stack.ecs.service(NAME).runningImages).toEqual([image('3')]);
    expect(stack.ecs.service(NAME).deployments[1]).toMatchObject({ status: 'STOPPED' });
  });
});

describe('what ends a deployment', () => {
  test.each(['PRODUCTION_TRAFFIC_SHIFT', 'BAKE_TIME'])(
    'an alarm in %s gives all traffic back at once',
    (stage) => {
      const stack = released(CANARY);
      stack.release(image('2'));
      untilStage(stack, stage);
      stack.clock.pass(MINUTE);
      stack.cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'ALARM');
      stack.clock.pass(3);
      expect([weightsOf(stack, 'Rule'), weightsOf(stack, 'TestRule')]).toEqual([
        [0, 100],
        [0, 100],
      ]);
      expect(untilEnd(stack)).toBe('ROLLBACK_SUCCESSFUL');
      expect(stack.deployment).toMatchObject({ alarms: { triggeredAlarmNames: [ALARM] } });
      expect(stack.ecs.service(NAME).runningImages).toEqual([image('1')]);
      expect(stack.ecs.leftovers()).toEqual([]);
    },
  );

  test.each([
    'SCALE_UP',
    'TEST_TRAFFIC_SHIFT',
    'PRODUCTION_TRAFFIC_SHIFT',
    'POST_PRODUCTION_TRAFFIC_SHIFT',
    'BAKE_TIME',
    'CLEAN_UP',
  ])('stopped in %s it goes back, and no client is left without a task', (stage) => {
    const stack = released(LINEAR);
    stack.release(image('2'));
    untilStage(stack, stage);
    stop(stack);
    const served: boolean[] = [];
    until(stack, 60, () => {
      const [balancer] = stack.elbv2.state.loadBalancers;
      const host = balancer?.dnsName ?? '';
      const route = stack.elbv2.route({ host, port: 80, path: '/', at: stack.clock.now() });
      served.push(route.kind === 'target');
      return stack.deployment.finishedAt !== undefined;
    });
    expect(stack.deployment.status).toBe('ROLLBACK_SUCCESSFUL');
    expect(served).not.toContain(false);
    expect(stack.ecs.service(NAME).runningImages).toEqual([image('1')]);
  });

  test('no circuit breaker counts tasks that fail: the deployment goes on, and tells how many', () => {
    const stack = released(BLUE_GREEN);
    stack.ecs.behave({ image: image('f'), behaviour: { kind: 'exits', code: 1 } });
    stack.release(image('f'));
    stack.clock.pass(30 * MINUTE);
    expect(stack.deployment).toMatchObject({ status: 'IN_PROGRESS', lifecycleStage: 'SCALE_UP' });
    const { services } = stack.ask(stack.ecs, 'DescribeServices', {
      cluster: SERVICE.cluster,
      services: [SERVICE.service],
    });
    const [service] = services as readonly { readonly deployments: readonly Input[] }[];
    expect(service?.deployments[0]?.failedTasks).toBeGreaterThan(3);
    expect(weightsOf(stack, 'Rule')).toEqual([0, 100]);
  });

  test('two fleets need room for both: without it the new tasks wait', () => {
    const stack = released(BLUE_GREEN, { instances: { max: 2 } });
    stack.release(image('2'));
    stack.clock.pass(30 * MINUTE);
    expect(stack.deployment).toMatchObject({
      lifecycleStage: 'SCALE_UP',
      targetServiceRevision: { pendingTaskCount: 2 },
    });
    expect(stack.ecs.service(NAME).events.join()).toContain('insufficient GPU resource available');
  });

  test('without an earlier deployment there is no way back', () => {
    const stack = stackOf(BLUE_GREEN);
    const [service] = stack.ecs.state.services;
    if (!service) throw new Error('the stack has a service');
    service.deployments = [];
    stack.release(image('1'), 2);
    stack.clock.pass(10);
    stop(stack);
    expect(stack.deployment).toMatchObject({ status: 'ROLLBACK_FAILED' });
  });

  test('a rule that ECS may not change ends the deployment', () => {
    const rules = { forward: () => 'is not authorized to perform elasticloadbalancing:ModifyRule' };
    const stack = stackOf(BLUE_GREEN, { ports: { rules } });
    stack.release(image('1'), 2);
    stack.clock.pass(20 * MINUTE);
    expect(stack.deployment).toMatchObject({
      status: 'ROLLBACK_FAILED',
      rollback: { reason: expect.stringContaining('ModifyRule') as unknown },
    });
  });
});

describe('lifecycle hooks', () => {
  /** A service with a hook whose function answers one after the other, the last one for ever. */
  function hooked(...answers: readonly FunctionAnswer[]) {
    const events: object[] = [];
    const functions = {
      invoke: (_: unknown, event: object): FunctionAnswer => {
        events.push(event);
        return answers[Math.min(events.length, answers.length) - 1] ?? say('SUCCEEDED');
      },
    };
    const stack = stackOf({ ...BLUE_GREEN, LifecycleHooks: [HOOK] }, { ports: { functions } });
    stack.release(image('1'), 2);
    untilStage(stack, 'POST_TEST_TRAFFIC_SHIFT');
    return { stack, events };
  }

  const say = (hookStatus: string, seconds = 1): FunctionAnswer => ({
    ok: true,
    output: { hookStatus },
    seconds,
  });

  test('a hook is told the stage and the weights', () => {
    const { stack, events } = hooked();
    expect(untilEnd(stack)).toBe('SUCCESSFUL');
    const { targetServiceRevision } = stack.deployment;
    const { arn } = targetServiceRevision as { readonly arn: string };
    expect(events).toMatchObject([
      {
        lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
        executionDetails: {
          testTrafficWeights: expect.objectContaining({ [arn]: 100 }) as unknown,
          productionTrafficWeights: expect.objectContaining({ [arn]: 0 }) as unknown,
        },
      },
    ]);
    expect(stack.deployment.lifecycleHookDetails).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test('one that is not done is asked again after half a minute', () => {
    const { stack, events } = hooked(say('IN_PROGRESS'), say('IN_PROGRESS'), say('SUCCEEDED'));
    stack.clock.pass(1);
    expect(stack.deployment.lifecycleHookDetails).toMatchObject([
      { status: 'IN_PROGRESS', targetArn: HOOK.HookTargetArn },
    ]);
    expect(untilStage(stack, 'PRODUCTION_TRAFFIC_SHIFT')).toBeGreaterThanOrEqual(60);
    expect(events).toHaveLength(3);
  });

  test.each<[string, FunctionAnswer]>([
    ['says FAILED', say('FAILED', 20)],
    ['crashes', { ok: false, reason: 'Runtime exited', seconds: 1 }],
    ['says nothing that ECS knows', { ok: true, output: { status: 'fine' }, seconds: 1 }],
  ])('one that %s sends the deployment back', (_, answer) => {
    const { stack } = hooked(answer);
    const began = stack.clock.now();
    until(stack, 10, () => stack.deployment.status !== 'IN_PROGRESS');
    expect(stack.clock.now() - began).toBeGreaterThanOrEqual(answer.seconds * 1_000);
    expect(stack.deployment).toMatchObject({
      rollback: { reason: expect.stringContaining('lifecycle hook') as unknown },
      lifecycleHookDetails: [{ status: 'FAILED' }],
    });
    expect(weightsOf(stack, 'Rule')).toEqual([100, 0]);
  });
});

describe('what is not modelled is refused', () => {
  const whole = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0, lifecycleHooks: [] };
  test.each<[string, Input]>([
    ['without bakeTimeInMinutes', { strategy: 'BLUE_GREEN', lifecycleHooks: [] }],
    ['without a strategy', { bakeTimeInMinutes: 0 }],
    ['without its percent', { ...whole, strategy: 'CANARY' }],
    ['circuit breaker', { ...whole, deploymentCircuitBreaker: { enable: true, rollback: true } }],
    ['type PAUSE', { ...whole, lifecycleHooks: [{ targetType: 'PAUSE' }] }],
    [
      'at TEST_TRAFFIC_SHIFT',
      {
        ...whole,
        lifecycleHooks: [{ hookTargetArn: 'x', roleArn: 'y', lifecycleStages: ['TEST_TRAFFIC_SHIFT'] }],
      },
    ],
  ])('%s', (what, deploymentConfiguration) => {
    const stack = stackOf(BLUE_GREEN);
    expect(() => stack.ask(stack.ecs, 'UpdateService', { ...SERVICE, deploymentConfiguration })).toThrow(
      expect.objectContaining({ type: 'NotImplemented', message: expect.stringContaining(what) as unknown }),
    );
  });

  test('a way back is told whole, and the next deployment tells the declared settings again', () => {
    const stack = released(CANARY);
    stack.release(image('2'));
    untilEnd(stack);
    stack.ask(stack.ecs, 'UpdateService', {
      ...SERVICE,
      taskDefinition: 'infer:2',
      deploymentConfiguration: whole,
    });
    expect(untilEnd(stack)).toBe('SUCCESSFUL');
    expect(stack.deployment.deploymentConfiguration).toMatchObject({ strategy: 'BLUE_GREEN' });
    expect(stack.ecs.service(NAME).runningImages).toEqual([image('1')]);
  });

  test('a template whose hook or strategy cannot be rehearsed is refused with its place', () => {
    const hook = { ...HOOK, LifecycleStages: ['TEST_TRAFFIC_SHIFT'] };
    expect(() => stackOf({ ...BLUE_GREEN, LifecycleHooks: [hook] })).toThrow(
      /NotRehearsed.*DeploymentConfiguration.*TEST_TRAFFIC_SHIFT/,
    );
  });
});
