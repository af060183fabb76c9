import { type ErrorCode, ERRORS } from './error-codes';

export { type ErrorCode, ERRORS } from './error-codes';

/** One thing that is wrong: where, what was found, what is allowed, and the change to make. */
export interface Fault {
  /** Path of the field, the construct or the argument, such as `workloads[0].container.gpus`. */
  readonly place: string;
  /** What was found there, printable. */
  readonly value: string;
  /** What is allowed there. */
  readonly allowed: string;
  /** The change that mends it. */
  readonly change: string;
}

/** An error of Lockstep's own: it has a code, the faults behind it, and an exit code. */
export class LockstepError extends Error {
  /** True for errors that Lockstep raised itself, whichever copy of this module raised them. */
  static is(error: unknown): error is LockstepError {
    return error instanceof Error && error.name === 'LockstepError' && 'code' in error;
  }

  readonly faults: readonly Fault[];

  constructor(
    readonly code: ErrorCode,
    fault: Fault | readonly Fault[],
    options?: { readonly cause?: unknown },
  ) {
    const faults = Array.isArray(fault) ? (fault as readonly Fault[]) : [fault as Fault];
    super(formatFaults(code, faults), options);
    this.name = 'LockstepError';
    this.faults = faults;
  }

  get exitCode(): number {
    return ERRORS[this.code].exit;
  }
}

function formatFaults(code: ErrorCode, faults: readonly Fault[]): string {
  const [only] = faults;
  if (faults.length === 1 && only) return `${code}: ${formatFault(only)}`;
  return [`${code}: ${faults.length} faults`, ...faults.map((fault) => `  - ${formatFault(fault)}`)].join(
    '\n',
  );
}

/** One line: `place is value; allowed: …; change: …`. */
export function formatFault(fault: Fault): string {
  return `${fault.place}: got ${fault.value}; allowed: ${fault.allowed}; change: ${fault.change}`;
}
