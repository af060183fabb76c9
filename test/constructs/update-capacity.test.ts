import fc from 'fast-check';
import { judgeUpdate, type UpdateRoom } from '../../constructs/ecs-service';

describe('the room for an update', () => {
  const numbers = fc.record({
    strategy: fc.constantFrom('rolling' as const, 'blueGreen' as const, 'canary' as const, 'linear' as const),
    tasks: fc.integer({ min: 1, max: 20 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 200 }),
    maxInstances: fc.integer({ min: 1, max: 20 }),
    tasksPerInstance: fc.integer({ min: 1, max: 8 }),
  });

  /** Replaces tasks one by one, as ECS would, as long as a rule allows a step. */
  function simulate(update: UpdateRoom): boolean {
    const { tasks, maxInstances, tasksPerInstance } = update;
    const keep = Math.ceil((tasks * update.minimumHealthyPercent) / 100);
    const limit = Math.min(
      Math.floor((tasks * update.maximumPercent) / 100),
      maxInstances * tasksPerInstance,
    );
    let old = tasks;
    let fresh = 0;
    for (let steps = 0; steps < 4 * tasks && (old > 0 || fresh < tasks); steps += 1) {
      if (fresh < tasks && old + fresh < limit) fresh += 1;
      else if (old > 0 && old + fresh - 1 >= keep) old -= 1;
      else return false;
    }
    return old === 0 && fresh === tasks;
  }

  test('A09 of a rolling one is judged as a replacement task by task turns out', () => {
    fc.assert(
      fc.property(numbers, (any) => {
        const update: UpdateRoom = { ...any, strategy: 'rolling' };
        if (update.maxInstances * update.tasksPerInstance < update.tasks)
          expect(judgeUpdate(update).fits).toBe(false);
        else expect(judgeUpdate(update).fits).toBe(simulate(update));
      }),
    );
  });

  test('D04 of all others is that of both versions at full size', () => {
    fc.assert(
      fc.property(numbers, (update) => {
        fc.pre(update.strategy !== 'rolling');
        const places = update.maxInstances * update.tasksPerInstance;
        expect(judgeUpdate(update).fits).toBe(places >= 2 * update.tasks);
      }),
    );
  });

  test('D04 says what both versions need, and what would give it', () => {
    const room = {
      tasks: 4,
      minimumHealthyPercent: 100,
      maximumPercent: 200,
      maxInstances: 5,
      tasksPerInstance: 1,
    };
    expect(judgeUpdate({ ...room, strategy: 'rolling' }).fits).toBe(true);
    expect(judgeUpdate({ ...room, strategy: 'canary' })).toEqual({
      fits: false,
      explanation:
        '4 tasks on 5 instances with 1 place each (5 in all): both versions need 8 places at the same time, 3 more than there are',
      changes: [
        { field: 'maxInstances', to: 8 },
        { field: 'tasks', to: 2 },
      ],
    });
  });

  test('each change that it names makes the update fit, and a smaller one would not', () => {
    fc.assert(
      fc.property(numbers, (update) => {
        const verdict = judgeUpdate(update);
        if (verdict.fits) return;
        for (const { field, to } of verdict.changes) {
          expect(judgeUpdate({ ...update, [field]: to }).fits).toBe(true);
          const smaller = to + (field === 'maxInstances' ? -1 : 1);
          expect(judgeUpdate({ ...update, [field]: smaller }).fits).toBe(false);
        }
      }),
    );
  });
});
