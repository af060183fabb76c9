import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A process and its state, as `ps` names it: `S` waits for something, `R` works. */
export interface ProcessState {
  readonly pid: number;
  readonly state: string;
}

/** States in which a process does nothing until something comes. */
const RESTS: readonly string[] = ['S', 'I', 'Z'];

export const rests = ({ state }: ProcessState): boolean => RESTS.includes(state);

/**
 * A process with everything that it started and that is still below it.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_task.5.html
 */
export function processStates(root: number): readonly ProcessState[] {
  return process.platform === 'linux' ? below(root) : listed(root);
}

function below(pid: number): readonly ProcessState[] {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === '') return [];
  // The name of the program stands in parentheses, and may hold some itself.
  const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return [{ pid, state }, ...children.flatMap(below)];
}

/** Nothing for a process that has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Where the system does not show processes as files. */
function listed(root: number): readonly ProcessState[] {
  const lines = execFileSync('ps', ['-axo', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  const all = lines.map((line) => {
    const [pid = '', parent = '', state = ''] = line.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), state: state.charAt(0) };
  });
  const from = (pid: number): readonly ProcessState[] =>
    all.filter(({ parent }) => parent === pid).flatMap((each) => [each, ...from(each.pid)]);
  return [...all.filter(({ pid }) => pid === root), ...from(root)];
}
