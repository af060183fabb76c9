import type { Behaviour } from './behaviour';
import type { Moment } from './moment';
import type { TaskState } from './state';

/** What a program does of which nobody knows more. */
const DONE = { seconds: 5, lines: [], code: 0 };

/** What the program in the image of a task does on the machine that the task has got. */
export function programOf({ state, ports }: Moment, task: TaskState): Behaviour {
  const host = state.instances.find(({ id }) => id === task.instance);
  const { seconds, lines, code } =
    ports.programs.run(task.image, host && { instanceType: host.type, ...imageOf(host) }) ?? DONE;
  return { kind: 'exits', code, after: seconds, lines };
}

const imageOf = ({ imageId }: { readonly imageId?: string }) => (imageId === undefined ? {} : { imageId });
