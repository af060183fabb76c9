import { ApiFault } from '../service';
import { definitionOf, type Moment } from './moment';
import type { TaskState } from './state';

/**
 * The driver creates the stream before the container starts, which does not start without it.
 *
 * @returns why it cannot
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
export function startLogging(moment: Moment, task: TaskState): string | undefined {
  try {
    writeLines(moment, task, []);
    return undefined;
  } catch (error) {
    if (!(error instanceof ApiFault)) throw error;
    const why = 'failed to initialize logging driver: failed to create Cloudwatch log stream';
    return `CannotStartContainerError: Error response from daemon: ${why}: ${error.type}: ${error.message}`;
  }
}

/** Lines of a container, which reach the log group at once or some time later. */
export function sendLines(moment: Moment, task: TaskState, lines: readonly string[]): void {
  const { logsWithin } = moment.state.timing;
  if (logsWithin === 0) writeLines(moment, task, lines);
  else task.unsent = { at: moment.now + logsWithin * 1_000, lines };
}

/** Lines arrive whose time has come. */
export function deliverLines(moment: Moment, task: TaskState): void {
  if (task.unsent === undefined || task.unsent.at > moment.now) return;
  writeLines(moment, task, task.unsent.lines);
  delete task.unsent;
}

/**
 * Stream `prefix/container/task` of the group that the first container's driver names.
 *
 * @throws ApiFault when there is no such group
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
function writeLines({ state, ports }: Moment, task: TaskState, lines: readonly string[]): void {
  const [container] = definitionOf(state, task.definition).content.containerDefinitions ?? [];
  const options = container?.logConfiguration?.options;
  const group = options?.['awslogs-group'];
  if (group === undefined) return;
  const stream = [options?.['awslogs-stream-prefix'], container?.name, task.id].join('/');
  const { account, region } = task;
  ports.logs.write({ account, region, group, stream }, lines);
}
