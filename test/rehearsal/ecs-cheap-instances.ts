import { ACCOUNT, type EcsStack, image, NAME, type StackOptions } from './ecs-stack';

const MINUTE = 60;

/**
 * Spot Instances and warm pools.
 *
 * @param released a service that runs image 1 on two tasks
 * @param until lets time pass until something is true, at most so many minutes
 */
export function describeCheapInstances(
  released: (options?: StackOptions) => EcsStack,
  until: (stack: EcsStack, minutes: number, done: () => boolean) => number,
): void {
  const SPOT = { instances: { spot: { types: ['g4dn.xlarge', 'g4dn.2xlarge'], onDemandBase: 1 } } };

  test('A09 a group of several types launches them in turn, and those above the base on Spot', () => {
    const stack = released(SPOT);
    stack.release(image('2'));
    stack.clock.pass(5 * MINUTE);
    expect(stack.ecs.state.instances.map(({ type, spot = false }) => [type, spot])).toEqual([
      ['g4dn.xlarge', false],
      ['g4dn.2xlarge', true],
      ['g4dn.xlarge', true],
      ['g4dn.2xlarge', true],
    ]);
  });

  test('A09 a Spot Instance that AWS takes away loses its tasks at once and goes after two minutes', () => {
    const stack = released(SPOT);
    expect(stack.ecs.interruptSpot(ACCOUNT, NAME.cluster)).toBe(1);
    stack.clock.pass(20);
    const [, taken] = stack.ecs.state.instances;
    const [lost] = stack.ecs.state.tasks.filter(({ instance }) => instance === taken?.id);
    expect(lost).toMatchObject({ desired: 'STOPPED', stopCode: 'SpotInterruption' });
    const { containerInstances } = stack.ask(stack.ecs, 'DescribeContainerInstances', {
      cluster: NAME.cluster,
      containerInstances: [taken?.id],
    });
    expect(containerInstances).toMatchObject([{ status: 'DRAINING' }]);
    stack.clock.pass(2 * MINUTE);
    expect(stack.ecs.state.instances).not.toContain(taken);
    until(stack, 5, () => stack.ecs.service(NAME).running === 2);
  });

  test('A09 what is still on a Spot Instance at its end has not run to its own', () => {
    const stack = released(SPOT);
    stack.ecs.state.timing.stopsWithin = 600;
    stack.ecs.interruptSpot(ACCOUNT, NAME.cluster);
    stack.clock.pass(3 * MINUTE);
    expect(stack.ecs.state.tasks.map(({ stopCode }) => stopCode)).toContain('TerminationNotice');
  });

  test('A09 instances on demand are never taken away', () => {
    const stack = released();
    expect(stack.ecs.interruptSpot(ACCOUNT, NAME.cluster)).toBe(0);
  });

  test('A09 an instance from the warm pool is there sooner; the next one is not, until the pool is full again', () => {
    const stack = released({ instances: { min: 2, max: 6, warm: 1 } });
    stack.release(image('2'));
    stack.clock.pass(10);
    const soonest = stack.ecs.state.instances.map(
      ({ registersAt }) => (registersAt - stack.clock.now()) / 1_000,
    );
    expect(soonest.filter((seconds) => seconds > 0 && seconds <= 60)).toHaveLength(1);
    expect(soonest.filter((seconds) => seconds > 60)).toHaveLength(1);
  });
}
