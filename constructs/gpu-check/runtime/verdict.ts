import { hostClass } from '../../gpu-compatibility';
import { causeOf, type StoppedTask } from '../../ecs-task';
import type { GpuCheckCell } from './cell';
import type { GpuFigures, Said } from './figures';
import type { CellFailure, CellOutcome, FailureCause } from './result';

/** Lines of the program that a failure shows. */
const SHOWN = 20;

/** Exit codes of the program in the image. */
const NO_DRIVER = 3;
const WRONG_RESULT = 4;
const TIMED_OUT = 5;

interface Explanation {
  readonly cause: FailureCause;
  readonly message: string;
  readonly remedy: string;
}

/** What a task that ended shows of its combination. */
export function verdictOf(cell: GpuCheckCell, task: StoppedTask, said: Said): CellOutcome {
  const [container] = task.containers;
  if (container?.exitCode !== 0) return failure(explain(task, said), task);
  if (said.kind !== 'figures') return failure(NO_FIGURES, task);
  const others = otherVersions(cell, said.figures);
  if (others.length > 0) {
    const explanation: Explanation = {
      cause: 'otherVersions',
      message: `the image has ${others.join(' and ')}`,
      remedy: 'let the Dockerfile install what its arguments CUDA and PYTORCH name',
    };
    return { ...failure(explanation, task), figures: said.figures };
  }
  return { verdict: hostClass(cell, said.figures.driver), figures: said.figures };
}

export const failure = ({ cause, message, remedy }: Explanation, task?: StoppedTask): CellFailure => ({
  verdict: 'failed',
  cause,
  message,
  remedy,
  evidence: task === undefined ? [] : evidenceOf(task),
});

const NO_FIGURES: Explanation = {
  cause: 'noFigures',
  message: 'the program ended well and its line of figures cannot be found or read',
  remedy: 'let it print one line `GPU_CHECK {…}` with all figures; look for it in the log group',
};

interface Rule {
  readonly matches: (end: End) => boolean;
  readonly explain: (end: End) => Explanation;
}

/** How a task ended that did not end well. */
interface End {
  readonly task: StoppedTask;
  /** Exit code of the container; absent where it never started. */
  readonly exitCode?: number;
  /** All words of AWS. */
  readonly words: string;
  /** The error that the program named, and what it said of it. */
  readonly error?: string;
  readonly message?: string;
}

/**
 * From the most telling sign to the least; the first rule that matches explains the task.
 *
 * @see https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html#constraints
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
 */
const RULES: readonly Rule[] = [
  {
    matches: ({ words }) => /unsatisfied condition/i.test(words),
    explain: () => ({
      cause: 'driverTooOld',
      message: 'the driver of the host is too old for the image, and NVIDIA’s runtime refuses to start it',
      remedy: 'use a host image with a newer driver, or an older CUDA',
    }),
  },
  {
    matches: ({ error, exitCode, words }) =>
      error === 'noDriver' || exitCode === NO_DRIVER || /nvidia-container-cli|libnvidia-ml/i.test(words),
    explain: (end) => ({
      cause: 'noDriver',
      message: withWords('no NVIDIA driver answers inside the container', end),
      remedy: 'check that the instance runs the GPU image of ECS and that the task definition asks for a GPU',
    }),
  },
  {
    matches: ({ error, exitCode }) => error === 'wrongResult' || exitCode === WRONG_RESULT,
    explain: (end) => ({
      cause: 'wrongResult',
      message: withWords('the GPU’s matrix product differs from the one of the CPU', end),
      remedy: 'do not use this combination; compare with a neighbouring one on the same host',
    }),
  },
  {
    matches: ({ error, exitCode }) => error === 'timedOut' || exitCode === TIMED_OUT,
    explain: (end) => ({
      cause: 'timedOut',
      message: withWords('the program gave up', end),
      remedy: 'run the combination again; where it hangs again, do not use it',
    }),
  },
  {
    matches: ({ error }) => error !== undefined,
    explain: (end) => ({
      cause: 'cudaFault',
      message: withWords('the program could not compute on the GPU', end),
      remedy: 'look the error up in NVIDIA’s list of CUDA errors; try a driver that came with this CUDA',
    }),
  },
  {
    matches: ({ task, exitCode, words }) =>
      task.stopCode === 'TaskFailedToStart' && exitCode === undefined && /RESOURCE|capacity/i.test(words),
    explain: ({ task }) => noCapacity(task.reason),
  },
  {
    matches: ({ task, words }) =>
      /host ec2|instance.*terminated/i.test(words) ||
      task.stopCode === 'TerminationNotice' ||
      task.stopCode === 'SpotInterruption',
    explain: () => ({
      cause: 'taskStopped',
      message: 'the instance under the task went away',
      remedy: 'run the combination again',
    }),
  },
];

function explain(task: StoppedTask, said: Said): Explanation {
  const exitCode = task.containers.find((each) => each.exitCode !== undefined)?.exitCode;
  const end: End = {
    task,
    ...(exitCode === undefined ? {} : { exitCode }),
    words: [task.reason, ...task.containers.map(({ reason = '' }) => reason)].join(' '),
    ...(said.kind === 'error' ? { error: said.error, message: said.message } : {}),
  };
  const rule = RULES.find(({ matches }) => matches(end));
  if (rule) return rule.explain(end);
  const { cause, remedy } = causeOf(task);
  return { cause: 'taskStopped', message: cause, remedy };
}

const withWords = (text: string, { message = '' }: End): string =>
  message === '' ? text : `${text}: ${message}`;

export const noCapacity = (why: string): Explanation => ({
  cause: 'noCapacity',
  message: `no instance took the task: ${why}`,
  remedy:
    'run it again later or with another instance type; check the quota of G instances and the events of the Auto Scaling group',
});

/**
 * How the image differs from its combination. PyTorch names the minor line of its CUDA runtime, and what was built in
 * behind a plus.
 */
function otherVersions(cell: GpuCheckCell, { cuda, pytorch }: GpuFigures): readonly string[] {
  const line = cell.cuda.split('.').slice(0, 2).join('.');
  return [
    ...(cuda === line ? [] : [`CUDA ${cuda} instead of ${line}`]),
    ...(pytorch.split('+')[0] === cell.pytorch ? [] : [`PyTorch ${pytorch} instead of ${cell.pytorch}`]),
  ];
}

/** The words of AWS once each, and the last lines of the program. */
function evidenceOf({ reason, stopCode, containers, lines }: StoppedTask): readonly string[] {
  const words = [
    ...(reason === '' ? [] : [`${stopCode || 'stopped'}: ${reason}`]),
    ...containers.flatMap(({ name, exitCode, reason: why }) => [
      ...(exitCode === undefined ? [] : [`container ${name}: exit code ${exitCode}`]),
      ...(why === undefined ? [] : [`container ${name}: ${why}`]),
    ]),
  ];
  return [...new Set(words), ...lines.slice(-SHOWN)];
}
