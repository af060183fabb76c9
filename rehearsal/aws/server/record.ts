import type { Caller, Question } from '../service';
import type { SeenCall } from '../seen-call';

/** What is known about a call when it is noted. */
export interface Note {
  readonly at: number;
  readonly caller?: Caller;
  readonly question: Question;
  readonly allowed: boolean;
  /** IAM was not asked. */
  readonly unasked?: true;
  /** It was made by something inside AWS. */
  readonly inside?: true;
  readonly because: readonly string[];
}

/** Calls that were seen, and faults of the emulator itself. Both only ever grow. */
export class CallRecord {
  readonly calls: SeenCall[] = [];
  readonly failures: string[] = [];
  private readonly listeners: ((call: SeenCall) => void)[] = [];

  /** Tells of each call that comes from now on. */
  onCall(listener: (call: SeenCall) => void): void {
    this.listeners.push(listener);
  }

  note({
    at,
    caller,
    question: { action, resource, context = {} },
    allowed,
    because,
    unasked,
    inside,
  }: Note): void {
    const role = caller && { role: caller.role };
    const call: SeenCall = {
      at,
      action,
      resource,
      context,
      ...role,
      allowed,
      because,
      ...(unasked && { unasked }),
      ...(inside && { inside }),
    };
    this.calls.push(call);
    for (const listener of this.listeners) listener(call);
  }

  /** A fault of the emulator: what a rehearsal shows after it means nothing. */
  fail(failure: string): void {
    this.failures.push(failure);
  }
}
