import { type Moment } from './moment';
import type { TaskState } from './state';
import { passesFrom } from './task-health';

/** What a client gets from a task. */
export interface TaskAnswer {
  readonly status: number;
  readonly seconds: number;
}

/** An answer that never comes. */
const SILENCE = Number.POSITIVE_INFINITY;

/**
 * What the task behind a target of a load balancer answers; undefined where nothing listens.
 *
 * @param at milliseconds since the epoch
 */
export function answerOf(
  { state }: Moment,
  target: { readonly group: string; readonly id: string; readonly port: number },
  at: number,
): TaskAnswer | undefined {
  const task = state.tasks.find(
    ({ status, targets }) =>
      status === 'RUNNING' &&
      targets.some(
        ({ group, id, port }) => group === target.group && id === target.id && port === target.port,
      ),
  );
  return task && ofTask(task, at);
}

function ofTask(task: TaskState, at: number): TaskAnswer | undefined {
  const { behaviour, startedAt = 0 } = task;
  const from = passesFrom(behaviour, 'loadBalancer');
  if (from === undefined) return { status: 200, seconds: SILENCE };
  if (at < startedAt + from * 1_000) return undefined;
  task.requests += 1;
  const { status = 200, seconds = 0, warmAfter } = (behaviour.kind === 'healthy' && behaviour.answers) || {};
  if (warmAfter !== undefined && task.requests > warmAfter) return { status: 200, seconds: 0 };
  return { status, seconds };
}
