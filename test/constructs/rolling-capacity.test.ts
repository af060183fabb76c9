import fc from 'fast-check';
import { judgeRollingUpdate, type RollingUpdate } from '../../constructs/ecs-service';

describe('the room for a rolling update', () => {
  const numbers = fc.record({
    tasks: fc.integer({ min: 1, max: 20 }),
    minimumHealthyPercent: fc.integer({ min: 0, max: 100 }),
    maximumPercent: fc.integer({ min: 100, max: 200 }),
    maxInstances: fc.integer({ min: 1, max: 20 }),
    tasksPerInstance: fc.integer({ min: 1, max: 8 }),
  });

  /** Replaces tasks one by one, as ECS would, as long as a rule allows a step. */
  function simulate(update: RollingUpdate): boolean {
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

  test('is judged as a replacement task by task turns out', () => {
    fc.assert(
      fc.property(numbers, (update) => {
        if (update.maxInstances * update.tasksPerInstance < update.tasks)
          expect(judgeRollingUpdate(update).fits).toBe(false);
        else expect(judgeRollingUpdate(update).fits).toBe(simulate(update));
      }),
    );
  });

  test('each change that it names makes the update fit, and a smaller one would not', () => {
    fc.assert(
      fc.property(numbers, (update) => {
        const verdict = judgeRollingUpdate(update);
        if (verdict.fits) return;
        for (const { field, to } of verdict.changes) {
          expect(judgeRollingUpdate({ ...update, [field]: to }).fits).toBe(true);
          const smaller = to + (field === 'maxInstances' ? -1 : 1);
          expect(judgeRollingUpdate({ ...update, [field]: smaller }).fits).toBe(false);
        }
      }),
    );
  });
});
