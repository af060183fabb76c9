import { thresholdOf } from '../../rehearsal/aws/ecs/breaker';
import type { Input } from '../../rehearsal/aws/service';
import { describeCheapInstances } from './ecs-cheap-instances';
import {
  ACCOUNT,
  ALARM,
  EcsStack,
  image,
  NAME,
  PLACEHOLDER,
  REGION,
  SERVICE,
  type StackOptions,
} from './ecs-stack';

const MINUTE = 60;
const ALARMS = { Alarms: { Enable: true, Rollback: true, AlarmNames: [ALARM] } };
const OTHER_PROVIDER = [{ capacityProvider: 'other', weight: 1 }];

/** A service that runs image 1 on two tasks. */
function released(options: StackOptions = {}): EcsStack {
  const stack = new EcsStack(options);
  stack.release(image('1'), 2);
  stack.clock.pass(5 * MINUTE);
  expect(stack.ecs.service(NAME)).toMatchObject({ image: image('1'), running: 2, pending: 0 });
  expect(stack.ecs.leftovers()).toEqual([]);
  return stack;
}

const statusOf = (stack: EcsStack): string | undefined => stack.ecs.service(NAME).deployments[0]?.status;

/** Lets time pass until something is true, at most so many minutes. */
function until(stack: EcsStack, minutes: number, done: () => boolean): number {
  const begun = stack.clock.now();
  while (!done()) {
    if (stack.clock.now() - begun > minutes * 60_000) throw new Error(`not within ${minutes} minutes`);
    stack.clock.pass(1);
  }
  return (stack.clock.now() - begun) / 1_000;
}

describe('a rolling update', () => {
  test('a service that the stack makes with zero tasks has one deployment that succeeded', () => {
    const stack = new EcsStack();
    expect(stack.ecs.service(NAME)).toMatchObject({ image: PLACEHOLDER, desired: 0, running: 0 });
    expect(stack.deployment).toMatchObject({
      status: 'SUCCESSFUL',
      targetServiceRevision: { requestedTaskCount: 0 },
    });
    expect(stack.ecs.leftovers()).toEqual([]);
  });

  test('without a desired count CloudFormation starts one task', () => {
    const stack = new EcsStack({ service: { DesiredCount: undefined } });
    stack.clock.pass(2 * MINUTE);
    expect(stack.ecs.service(NAME)).toMatchObject({ desired: 1, running: 1 });
  });

  test('keeps as many tasks serving as the minimum asks for, and no more alive than the maximum allows', () => {
    const stack = released();
    stack.release(image('2'));
    const running: number[] = [];
    const alive: number[] = [];
    until(stack, 10, () => {
      const { running: now, pending } = stack.ecs.service(NAME);
      running.push(now);
      alive.push(now + pending);
      return statusOf(stack) === 'SUCCESSFUL';
    });
    expect(Math.min(...running)).toBe(2);
    expect(Math.max(...alive)).toBe(4);
    expect(stack.ecs.service(NAME).runningImages).toEqual([image('2')]);
    expect(stack.deployment).toMatchObject({
      status: 'SUCCESSFUL',
      targetServiceRevision: { requestedTaskCount: 2, runningTaskCount: 2 },
      deploymentCircuitBreaker: { status: 'MONITORING_COMPLETE', failureCount: 0, threshold: 3 },
    });
  });

  test('a new deployment of the same definition replaces the tasks', () => {
    const stack = released();
    const before = stack.ecs.state.tasks.map(({ id }) => id);
    stack.ask(stack.ecs, 'UpdateService', { ...SERVICE, forceNewDeployment: true });
    until(stack, 10, () => statusOf(stack) === 'SUCCESSFUL');
    const now = stack.ecs.state.tasks.filter(({ status }) => status === 'RUNNING');
    expect(now.filter(({ id }) => before.includes(id))).toEqual([]);
  });

  test('an update that changes nothing starts no deployment', () => {
    const stack = released();
    stack.ask(stack.ecs, 'UpdateService', { ...SERVICE, desiredCount: 2 });
    expect(stack.ecs.service(NAME).deployments).toHaveLength(2);
  });

  test('a newer deployment stops one that is under way', () => {
    const stack = released();
    stack.release(image('2'));
    stack.clock.pass(10);
    stack.ecs.deployForeign(NAME, image('3'));
    until(stack, 10, () => statusOf(stack) === 'SUCCESSFUL');
    const { deployments, image: runs } = stack.ecs.service(NAME);
    expect(runs).toBe(image('3'));
    expect(deployments.map(({ status }) => status)).toEqual([
      'SUCCESSFUL',
      'STOPPED',
      'SUCCESSFUL',
      'SUCCESSFUL',
    ]);
  });

  test('is listed late, and shown with its progress', () => {
    const stack = released();
    stack.ecs.state.timing.listedAfter = 20;
    stack.release(image('2'));
    stack.clock.pass(19);
    expect(stack.deployment).toMatchObject({ status: 'SUCCESSFUL' });
    stack.clock.pass(1);
    expect(stack.deployment).toMatchObject({ status: 'IN_PROGRESS' });
    const { services } = stack.ask(stack.ecs, 'DescribeServices', {
      cluster: NAME.cluster,
      services: ['infer', 'x'],
    });
    const [service] = services as readonly Input[];
    expect(service?.deployments).toMatchObject([
      { status: 'PRIMARY', rolloutState: 'IN_PROGRESS', pendingCount: 2 },
      { status: 'ACTIVE', rolloutState: 'COMPLETED', runningCount: 2 },
    ]);
  });
});

describe('the circuit breaker', () => {
  test.each([
    [undefined, 2, 3],
    [undefined, 10, 5],
    [undefined, 9, 5],
    [undefined, 1_000, 200],
    [{ type: 'COUNT', value: 7 }, 2, 7],
    [{ type: 'UNBOUNDED_PERCENT', value: 50 }, 2, 1],
  ] as const)('with %j and %i tasks it counts to %i', (threshold, desired, expected) => {
    const stack = new EcsStack();
    const [service] = stack.ecs.state.services;
    if (!service) throw new Error('the stack has a service');
    const breaker = { enable: true, rollback: true, ...(threshold && { threshold }) };
    expect(thresholdOf({ ...service, desired, breaker })).toBe(expected);
  });

  test('rolls back to the revision that ran, and says why', () => {
    const stack = released();
    stack.ecs.behave({ image: image('f'), behaviour: { kind: 'exits', code: 1, lines: ['Traceback'] } });
    stack.release(image('f'));
    until(stack, 10, () => statusOf(stack) === 'ROLLBACK_SUCCESSFUL');
    expect(stack.ecs.service(NAME)).toMatchObject({ image: image('1'), running: 2, pending: 0 });
    expect(stack.deployment).toMatchObject({
      deploymentCircuitBreaker: { status: 'TRIGGERED', failureCount: 3 },
      rollback: { reason: expect.stringContaining('circuit breaker threshold') as unknown },
    });
    expect(stack.stopped).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          stopCode: 'EssentialContainerExited',
          containers: [expect.objectContaining({ exitCode: 1 })],
        }),
      ]),
    );
    const written = [...stack.lines].filter(([, lines]) => lines.length > 0);
    expect(written[0]).toEqual([expect.stringMatching(/^\/infer task\/infer\/task\d+$/), ['Traceback']]);
    expect(stack.ecs.leftovers()).toEqual([]);
  });

  test('without a rollback the deployment stops, and starts no more tasks', () => {
    const stack = released();
    stack.ecs.setBreaker(NAME, { enable: true, rollback: false });
    stack.ecs.behave({ image: image('f'), behaviour: { kind: 'exits', code: 1 } });
    stack.release(image('f'));
    until(stack, 10, () => statusOf(stack) === 'STOPPED');
    const { lastId } = stack.ecs.state;
    stack.clock.pass(5 * MINUTE);
    expect(stack.ecs.state.lastId).toBe(lastId);
    expect(stack.ecs.service(NAME)).toMatchObject({ image: image('f'), runningImages: [image('1')] });
  });

  test('switched off, a bad deployment goes on for ever and is left behind', () => {
    const stack = released();
    stack.ecs.setBreaker(NAME, { enable: false, rollback: false });
    stack.ecs.behave({ image: image('f'), behaviour: { kind: 'exits', code: 1 } });
    stack.release(image('f'));
    stack.clock.pass(60 * MINUTE);
    expect(statusOf(stack)).toBe('IN_PROGRESS');
    expect(stack.ecs.leftovers()[0]).toContain('has not ended, it is IN_PROGRESS');
    expect(stack.ecs.state.tasks.length).toBeLessThan(2_000);
  });

  test('a task that served and ends later is replaced, and is no failure', () => {
    const stack = released();
    const [first] = stack.ecs.state.tasks;
    stack.ecs.terminateInstance(first?.instance ?? '');
    expect(stack.ecs.service(NAME).running).toBe(1);
    stack.clock.pass(5 * MINUTE);
    expect(stack.ecs.service(NAME)).toMatchObject({ running: 2 });
    expect(stack.ecs.service(NAME).deployments).toHaveLength(2);
  });

  test('going back can fail too', () => {
    const stack = released();
    stack.ecs.behave({ behaviour: { kind: 'exits', code: 1 } });
    stack.release(image('f'));
    for (const { id } of [...stack.ecs.state.instances]) stack.ecs.terminateInstance(id);
    until(stack, 20, () => statusOf(stack) === 'ROLLBACK_FAILED');
    expect(stack.ecs.leftovers()).toEqual([`${ACCOUNT} production/infer: 0 of 2 tasks run`]);
  });
});

describe('how tasks fail', () => {
  test.each([
    [{ kind: 'outOfMemory' }, 'EssentialContainerExited', { exitCode: 137, reason: /^OutOfMemoryError/ }],
    [{ kind: 'cannotPull' }, 'TaskFailedToStart', { reason: /^CannotPullContainerError.*not found$/ }],
    [{ kind: 'unhealthy', check: 'container' }, 'ServiceSchedulerInitiated', { exitCode: 137 }],
    [{ kind: 'unhealthy', check: 'loadBalancer' }, 'ServiceSchedulerInitiated', { exitCode: 137 }],
  ] as const)('%j', (behaviour, stopCode, container) => {
    const stack = released();
    stack.ecs.behave({ image: image('f'), behaviour });
    stack.release(image('f'));
    until(stack, 20, () => statusOf(stack) === 'ROLLBACK_SUCCESSFUL');
    const { reason, ...exit } = { reason: undefined, ...container };
    const expected = { ...exit, ...(reason && { reason: expect.stringMatching(reason) as unknown }) };
    const failed = stack.stopped.find((task) => !String(task.stoppedReason).startsWith('Scaling'));
    expect(failed).toMatchObject({ stopCode, containers: [expected] });
  });

  test('an image that the registry refuses is not started, and the registry is asked as the execution role', () => {
    const asked: (string | undefined)[] = [];
    const images = {
      pull: (reference: string, role: string | undefined) => {
        asked.push(role);
        return reference === image('f')
          ? { ok: false as const, reason: 'CannotPullContainerError: denied' }
          : { ok: true as const, digest: `sha256:${'9'.repeat(64)}` };
      },
    };
    const stack = released({ ports: { images } });
    const { taskArns } = stack.ask(stack.ecs, 'ListTasks', { cluster: NAME.cluster, serviceName: 'infer' });
    const { tasks } = stack.ask(stack.ecs, 'DescribeTasks', { cluster: NAME.cluster, tasks: taskArns });
    expect(tasks).toMatchObject([{ containers: [{ imageDigest: `sha256:${'9'.repeat(64)}` }] }]);
    stack.release(image('f'));
    until(stack, 10, () => statusOf(stack) === 'ROLLBACK_SUCCESSFUL');
    expect(new Set(asked)).toEqual(new Set([`arn:aws:iam::${ACCOUNT}:role/execution`]));
  });

  test.each([
    [80, 'SUCCESSFUL'],
    [120, 'ROLLBACK_SUCCESSFUL'],
  ])('ready after %i s, with a start period of 60 s and 3 retries: %s', (readyAfter, end) => {
    const stack = released({ service: { LoadBalancers: [] } });
    stack.ecs.behave({ image: image('2'), behaviour: { kind: 'healthy', readyAfter } });
    stack.release(image('2'));
    until(stack, 20, () => statusOf(stack) !== 'IN_PROGRESS' && statusOf(stack) !== 'PENDING');
    until(stack, 20, () => stack.ecs.leftovers().length === 0);
    expect(statusOf(stack)).toBe(end);
  });

  test('within the grace period no check counts', () => {
    const stack = released({ service: { HealthCheckGracePeriodSeconds: 300 } });
    stack.ecs.behave({ image: image('2'), behaviour: { kind: 'healthy', readyAfter: 200 } });
    stack.release(image('2'));
    until(stack, 20, () => statusOf(stack) === 'SUCCESSFUL');
    expect(stack.ecs.service(NAME).runningImages).toEqual([image('2')]);
  });

  test('a pull that never ends is neither success nor failure', () => {
    const stack = released();
    stack.ecs.behave({ image: image('f'), behaviour: { kind: 'pullsForEver' } });
    stack.release(image('f'));
    stack.clock.pass(60 * MINUTE);
    expect(stack.deployment).toMatchObject({
      status: 'IN_PROGRESS',
      targetServiceRevision: { pendingTaskCount: 2 },
      deploymentCircuitBreaker: { failureCount: 0 },
    });
  });

  test('the first rule that matches decides, by account, service and image', () => {
    const stack = released();
    stack.ecs.behave(
      { account: '111111111111', behaviour: { kind: 'cannotPull' } },
      { service: 'another', behaviour: { kind: 'cannotPull' } },
      { image: { except: [image('2')] }, behaviour: { kind: 'cannotPull' } },
    );
    stack.release(image('2'));
    until(stack, 10, () => statusOf(stack) === 'SUCCESSFUL');
    stack.release(image('3'));
    until(stack, 10, () => statusOf(stack) === 'ROLLBACK_SUCCESSFUL');
  });
});

describe('alarms', () => {
  test('one that rings while the deployment bakes rolls it back', () => {
    const stack = released({ service: { DeploymentConfiguration: ALARMS } });
    stack.release(image('2'));
    until(stack, 10, () => stack.ecs.service(NAME).runningImages.join() === image('2'));
    stack.clock.pass(60);
    expect(statusOf(stack)).toBe('IN_PROGRESS');
    stack.cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'ALARM');
    until(stack, 10, () => statusOf(stack) === 'ROLLBACK_SUCCESSFUL');
    expect(stack.deployment).toMatchObject({
      alarms: { status: 'TRIGGERED', triggeredAlarmNames: [ALARM] },
      rollback: { reason: expect.stringContaining(ALARM) as unknown },
    });
    expect(stack.ecs.service(NAME).runningImages).toEqual([image('1')]);
  });

  test('they are watched for as long as the slowest looks back, then it is a success', () => {
    const stack = released({ service: { DeploymentConfiguration: ALARMS } });
    stack.release(image('2'));
    until(
      stack,
      10,
      () => stack.ecs.service(NAME).running === 2 && stack.ecs.service(NAME).runningImages.length === 1,
    );
    until(stack, 10, () => stack.ecs.service(NAME).runningImages.join() === image('2'));
    expect(until(stack, 10, () => statusOf(stack) === 'SUCCESSFUL')).toBeGreaterThanOrEqual(119);
  });

  test('one that rang before is ignored', () => {
    const stack = released({ service: { DeploymentConfiguration: ALARMS } });
    stack.cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'ALARM');
    stack.release(image('2'));
    until(stack, 20, () => statusOf(stack) === 'SUCCESSFUL');
  });
});

describe('capacity', () => {
  test('a group grows for tasks that wait, and shrinks when instances are idle', () => {
    const stack = released();
    expect(stack.ecs.state.instances).toHaveLength(2);
    stack.release(image('2'));
    stack.clock.pass(10);
    expect(stack.ecs.state.tasks.filter(({ status }) => status === 'PROVISIONING')).toHaveLength(2);
    const { containerInstanceArns } = stack.ask(stack.ecs, 'ListContainerInstances', {
      cluster: NAME.cluster,
    });
    expect(containerInstanceArns).toHaveLength(1);
    const seconds = until(stack, 10, () => statusOf(stack) === 'SUCCESSFUL');
    expect(seconds).toBeGreaterThan(170);
    expect(stack.ecs.state.instances).toHaveLength(4);
    stack.clock.pass(20 * MINUTE);
    expect(stack.ecs.state.instances).toHaveLength(2);
    expect(stack.ecs.service(NAME).running).toBe(2);
  });

  test.each([
    ['the group is at its maximum', { instances: { max: 2 } }, () => undefined],
    ['EC2 has no more', {}, (stack: EcsStack) => stack.ecs.setLaunches(ACCOUNT, NAME.cluster, false)],
  ])('when %s, tasks wait for ever, and ECS says so once', (_, options, fault) => {
    const stack = released(options);
    fault(stack);
    stack.release(image('2'));
    stack.clock.pass(30 * MINUTE);
    const { events, pending } = stack.ecs.service(NAME);
    expect(pending).toBe(2);
    expect(statusOf(stack)).toBe('IN_PROGRESS');
    expect(events.filter((message) => message.includes('unable to place a task'))).toEqual([
      expect.stringContaining('insufficient GPU resource available'),
    ]);
  });

  test('GPUs that something else takes are not free', () => {
    const stack = new EcsStack({ instances: { max: 2 } });
    stack.ecs.takeGpus(ACCOUNT, NAME.cluster, 1);
    stack.release(image('1'), 2);
    stack.clock.pass(5 * MINUTE);
    expect(stack.ecs.service(NAME)).toMatchObject({ running: 1, pending: 1 });
  });

  test('without capacity provider a task that finds no place is not created', () => {
    const service = { CapacityProviderStrategy: undefined, LaunchType: 'EC2' };
    const stack = released({ service, instances: { max: 2 } });
    stack.release(image('2'));
    stack.clock.pass(5 * MINUTE);
    expect(stack.ecs.service(NAME)).toMatchObject({ running: 2, pending: 0 });
    expect(statusOf(stack)).toBe('IN_PROGRESS');
  });

  describeCheapInstances(released, until);

  test('on Fargate there is always a place', () => {
    const service = { CapacityProviderStrategy: undefined, LaunchType: 'FARGATE' };
    const stack = released({ service, instances: { min: 0, max: 0 } });
    const [task] = stack.ecs.state.tasks;
    expect(task?.instance).toBeUndefined();
  });

  test('an instance type that is not known is refused', () => {
    expect(() => new EcsStack({ instances: { type: 'x1.huge' } })).toThrow(
      /NotRehearsed.*x1\.huge.*g4dn\.xlarge/,
    );
  });
});

describe('calls', () => {
  const stop = (stack: EcsStack, stopType: string) =>
    stack.ask(stack.ecs, 'StopServiceDeployment', {
      serviceDeploymentArn: stack.deployment.serviceDeploymentArn,
      stopType,
    });

  test('a deployment that is stopped rolls back, and one that has ended cannot be stopped', () => {
    const stack = released();
    stack.release(image('2'));
    stack.clock.pass(5);
    stop(stack, 'ROLLBACK');
    stop(stack, 'ROLLBACK');
    until(stack, 10, () => statusOf(stack) === 'ROLLBACK_SUCCESSFUL');
    expect(stack.ecs.service(NAME).runningImages).toEqual([image('1')]);
    expect(() => stop(stack, 'ROLLBACK')).toThrow(expect.objectContaining({ type: 'ConflictException' }));
  });

  test('a deployment that is aborted stops', () => {
    const stack = released();
    stack.release(image('2'));
    stack.clock.pass(5);
    stop(stack, 'ABORT');
    expect(statusOf(stack)).toBe('STOP_REQUESTED');
    stack.clock.pass(1);
    expect(statusOf(stack)).toBe('STOPPED');
  });

  test.each([
    ['DescribeServices', { cluster: 'x', services: ['infer'] }, 'ClusterNotFoundException'],
    ['UpdateService', { cluster: 'production', service: 'x' }, 'ServiceNotFoundException'],
    ['UpdateService', { ...SERVICE, taskDefinition: 'infer:99' }, 'ClientException'],
    ['UpdateService', { ...SERVICE, taskDefinition: 'infer:2' }, 'ClientException'],
    ['UpdateService', { ...SERVICE, desiredCount: -1 }, 'InvalidParameterException'],
    ['UpdateService', { ...SERVICE, propagateTags: 'SERVICE' }, 'NotImplemented'],
    ['UpdateService', { ...SERVICE, deploymentConfiguration: { strategy: 'CANARY' } }, 'NotImplemented'],
    ['RegisterTaskDefinition', { family: 'x', containerDefinitions: [] }, 'ClientException'],
    ['StopServiceDeployment', { serviceDeploymentArn: 'x' }, 'ServiceDeploymentNotFoundException'],
    ['RunTask', { cluster: 'production', taskDefinition: 'infer:1', count: 11 }, 'InvalidParameterException'],
    [
      'RunTask',
      { cluster: 'production', taskDefinition: 'infer:1', capacityProviderStrategy: OTHER_PROVIDER },
      'InvalidParameterException',
    ],
    [
      'RunTask',
      {
        cluster: 'production',
        taskDefinition: 'infer:1',
        launchType: 'EC2',
        capacityProviderStrategy: OTHER_PROVIDER,
      },
      'InvalidParameterException',
    ],
    ['RunTask', { cluster: 'production', taskDefinition: 'infer:2' }, 'ClientException'],
    ['StopTask', { cluster: 'production', task: 'x' }, 'InvalidParameterException'],
    ['DeregisterTaskDefinition', { taskDefinition: 'infer' }, 'InvalidParameterException'],
    ['DeregisterTaskDefinition', { taskDefinition: 'infer:2' }, 'ClientException'],
    ['ListTasks', { cluster: 'production', maxResults: 101 }, 'InvalidParameterException'],
  ])('%s %j is refused as %s', (operation, input, type) => {
    const stack = released();
    stack.ecs.setStatus(ACCOUNT, 'infer:2', 'INACTIVE');
    expect(() => stack.ask(stack.ecs, operation, input)).toThrow(expect.objectContaining({ type }));
  });

  test('a task that somebody runs does its work and ends', () => {
    const stack = new EcsStack();
    const input = { cluster: NAME.cluster, taskDefinition: 'infer', startedBy: 'smoke', count: 1 };
    expect(stack.ask(stack.ecs, 'RunTask', input).tasks).toHaveLength(1);
    stack.clock.pass(MINUTE);
    expect(stack.stopped).toMatchObject([
      { startedBy: 'smoke', group: 'family:infer', containers: [{ exitCode: 0 }] },
    ]);
  });

  test('accounts and their services are apart', () => {
    const stack = released();
    stack.deploy({ account: '111111111111' });
    const elsewhere = { ...NAME, account: '111111111111' };
    stack.ecs.deployForeign(elsewhere, image('7'));
    stack.ecs.setDesired(elsewhere, 1);
    stack.clock.pass(5 * MINUTE);
    expect(stack.ecs.service(elsewhere)).toMatchObject({ image: image('7'), running: 1 });
    expect(stack.ecs.service(NAME)).toMatchObject({ image: image('1'), running: 2 });
    const { services } = stack.ask(
      stack.ecs,
      'DescribeServices',
      { cluster: NAME.cluster, services: ['infer'] },
      '111111111111',
    );
    expect(services).toMatchObject([{ desiredCount: 1 }]);
  });

  test('a stack whose strategy lacks what it needs is refused, with its place', () => {
    const service = { DeploymentConfiguration: { Strategy: 'BLUE_GREEN' } };
    expect(() => new EcsStack({ service })).toThrow(/NotRehearsed.*AWS::ECS::Service.*BLUE_GREEN/);
  });

  test('a situation can be kept and taken up again, and goes on in the same way', () => {
    const stack = released();
    stack.release(image('2'));
    const kept = structuredClone({ ecs: stack.ecs.state, elbv2: stack.elbv2.state });
    const events = () => stack.ecs.service(NAME).events.map((message) => message);
    stack.clock.pass(5 * MINUTE);
    const first = events();
    stack.ecs.state = kept.ecs;
    stack.elbv2.state = kept.elbv2;
    expect(events().length).toBeLessThan(first.length);
    stack.clock.pass(5 * MINUTE);
    expect(events()).toHaveLength(first.length);
  });
});

describe('the neighbours of ECS', () => {
  test('load balancers, their groups and targets', () => {
    const stack = released();
    const [group] = stack.elbv2.state.targetGroups;
    const balancers = stack.ask(stack.elbv2, 'DescribeLoadBalancers', {});
    expect(balancers.LoadBalancers).toMatchObject([{ Scheme: 'internal', State: { Code: 'active' } }]);
    const groups = stack.ask(stack.elbv2, 'DescribeTargetGroups', { TargetGroupArns: [group?.arn] });
    expect(groups.TargetGroups).toMatchObject([{ HealthCheckIntervalSeconds: 10, TargetType: 'ip' }]);
    expect(stack.ask(stack.elbv2, 'DescribeListeners', {}).Listeners).toMatchObject([{ Port: 80 }]);
    const health = () =>
      stack.ask(stack.elbv2, 'DescribeTargetHealth', { TargetGroupArn: group?.arn }).TargetHealthDescriptions;
    expect(health()).toMatchObject([
      { TargetHealth: { State: 'healthy' } },
      { TargetHealth: { State: 'healthy' } },
    ]);
    stack.ecs.setDesired(NAME, 1);
    stack.clock.pass(2);
    expect(health()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ TargetHealth: expect.objectContaining({ State: 'draining' }) as unknown }),
      ]),
    );
    stack.clock.pass(MINUTE);
    expect(health()).toHaveLength(1);
    expect(() => stack.ask(stack.elbv2, 'DescribeTargetHealth', { TargetGroupArn: 'x' })).toThrow(
      expect.objectContaining({ type: 'TargetGroupNotFoundException' }),
    );
  });

  test('alarms', () => {
    const stack = new EcsStack();
    const states = () =>
      (
        stack.ask(stack.cloudwatch, 'DescribeAlarms', { AlarmNames: [ALARM] })
          .MetricAlarms as readonly Input[]
      ).map(({ StateValue }) => StateValue);
    expect(states()).toEqual(['OK']);
    stack.cloudwatch.setAlarm(ACCOUNT, REGION, ALARM, 'ALARM');
    expect(states()).toEqual(['ALARM']);
    expect(stack.ask(stack.cloudwatch, 'DescribeAlarms', { StateValue: 'OK' }).MetricAlarms).toEqual([]);
    expect(() => stack.cloudwatch.setAlarm(ACCOUNT, REGION, 'x', 'ALARM')).toThrow('no alarm');
  });

  test('scalable targets and policies', () => {
    const stack = new EcsStack();
    const asked = { ServiceNamespace: 'ecs', ResourceId: 'service/production/infer' };
    const { ResourceId: id, ...rest } = asked;
    const targets = stack.ask(stack.scaling, 'DescribeScalableTargets', { ...rest, ResourceIds: [id] });
    expect(targets.ScalableTargets).toMatchObject([{ MinCapacity: 2, MaxCapacity: 4 }]);
    const policies = stack.ask(stack.scaling, 'DescribeScalingPolicies', asked);
    expect(policies.ScalingPolicies).toMatchObject([{ PolicyName: 'cpu', ResourceId: id }]);
  });
});
