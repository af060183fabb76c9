import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface RestingProcess {
  readonly pid: number;
  /** How it was called, words separated by blanks. Empty once it has ended and nobody asked how. */
  readonly command: string;
}

/** States, as `ps` names them, in which a process does nothing until something comes. */
const RESTS: readonly string[] = ['S', 'I', 'Z'];

/**
 * A process with everything that it started and that is still below it; nothing once it has ended. Undefined where one
 * of them works, and where one began or ended while they were looked at: what was seen never stood side by side.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_task.5.html
 */
export function restingProcesses(root: number): readonly RestingProcess[] | undefined {
  if (process.platform !== 'linux') return listed(root);
  return read(`/proc/${root}/stat`) === undefined ? [] : below(root);
}

function below(pid: number): readonly RestingProcess[] | undefined {
  if (!rests(pid)) return undefined;
  const children = childrenOf(pid);
  const found: RestingProcess[] = [];
  for (const child of children) {
    const each = below(child);
    if (!each) return undefined;
    found.push(...each);
  }
  const command = read(`/proc/${pid}/cmdline`);
  const changed = !rests(pid) || childrenOf(pid).join() !== children.join();
  return changed || command === undefined
    ? undefined
    : [{ pid, command: command.replaceAll('\0', ' ') }, ...found];
}

function rests(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`) ?? '';
  // The name of the program stands in parentheses, and may hold some itself.
  return RESTS.includes(stat.slice(stat.lastIndexOf(')') + 2).charAt(0));
}

const childrenOf = (pid: number): readonly number[] =>
  (read(`/proc/${pid}/task/${pid}/children`) ?? '').split(' ').filter(Boolean).map(Number);

/** Undefined for a process that has ended meanwhile. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}

/** Where the system does not show processes as files. */
function listed(root: number): readonly RestingProcess[] | undefined {
  const options = ['-axwwo', 'pid=,ppid=,stat=,command='];
  const all = execFileSync('ps', options, { encoding: 'utf8' }).trim().split('\n').map(parseLine);
  const from = (pid: number): readonly ListedProcess[] =>
    all.filter(({ parent }) => parent === pid).flatMap((each) => [each, ...from(each.pid)]);
  const found = [...all.filter(({ pid }) => pid === root), ...from(root)];
  return found.every(({ state }) => RESTS.includes(state)) ? found : undefined;
}

interface ListedProcess extends RestingProcess {
  readonly parent: number;
  readonly state: string;
}

function parseLine(line: string): ListedProcess {
  const [pid = '', parent = '', state = '', ...command] = line.trim().split(/\s+/);
  return {
    pid: Number(pid),
    parent: Number(parent),
    state: state.charAt(0),
    command: state.startsWith('Z') ? '' : command.join(' '),
  };
}
