import { createContext, runInContext } from 'node:vm';
import { messageOf } from '../../message-of';
import type { FunctionAnswer } from '../ecs';
import { PRELUDE } from './prelude';
import type { FunctionState } from './state';

/** What becomes of a request: a status after so many seconds, or no connection. */
export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly seconds: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly seconds: number };

/** What a function reaches. */
export interface Surroundings {
  /** @param at milliseconds since the epoch */
  request(url: string, at: number): Answer;
}

/** Real milliseconds that code may compute without waiting for anything. */
const LONGEST_TURN = 1_000;

interface Timer {
  readonly at: number;
  readonly go: () => void;
}

/** Time inside of one invocation: it stands still while code runs, and moves on to what is due next. */
class Turns {
  private timers: Timer[] = [];

  constructor(public now: number) {}

  after(milliseconds: number, go: () => void): Timer {
    const timer = { at: this.now + Math.max(0, milliseconds), go };
    this.timers.push(timer);
    return timer;
  }

  cancel(timer: Timer): void {
    this.timers = this.timers.filter((each) => each !== timer);
  }

  next(): Timer | undefined {
    const at = Math.min(...this.timers.map((each) => each.at));
    const found = this.timers.find((each) => each.at === at);
    if (found) this.cancel(found);
    return found;
  }
}

/** What came of an invocation, and what it wrote to its log. */
export interface Invocation {
  readonly answer: FunctionAnswer;
  readonly lines: readonly string[];
}

/** How the code ended. */
interface Ending {
  output?: unknown;
  error?: string;
}

/**
 * Runs the inline code of a function in a context of its own, with requests that the emulator answers. The account
 * stands still meanwhile; the invocation has a time of its own, which begins now.
 *
 * @param now milliseconds since the epoch
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export function runInline(
  found: FunctionState,
  event: object,
  surroundings: Surroundings,
  now: number,
): Invocation {
  const lines: string[] = [];
  const turns = new Turns(now);
  const host = hostOf(turns, surroundings, found.environment, (line) => lines.push(line));
  return { answer: answerOf(found, event, turns, host), lines };
}

function answerOf(
  { code = '', handler, timeout }: FunctionState,
  event: object,
  turns: Turns,
  host: object,
): FunctionAnswer {
  const began = turns.now;
  const ending: Ending = {};
  const context = createContext({ host, ending }, { microtaskMode: 'afterEvaluate' });
  const run = (text: string): void => {
    runInContext(text, context, { timeout: LONGEST_TURN });
  };
  try {
    run(programOf(code, handler, event));
    while (!isOver(ending)) {
      const due = turns.next();
      if (!due) return { ok: false, reason: 'the function waits for nothing that comes', seconds: 0 };
      if (due.at - began > timeout * 1_000) return timedOut(timeout);
      turns.now = due.at;
      due.go();
      // Microtasks of the context run after something was evaluated in it.
      run('0');
    }
  } catch (error) {
    ending.error = messageOf(error);
  }
  const seconds = (turns.now - began) / 1_000;
  return ending.error === undefined
    ? { ok: true, output: ending.output, seconds }
    : { ok: false, reason: ending.error, seconds };
}

const isOver = (ending: Ending): boolean => 'output' in ending || 'error' in ending;

/** As Lambda says it. */
export const timedOut = (seconds: number): FunctionAnswer => ({
  ok: false,
  reason: `Task timed out after ${seconds.toFixed(2)} seconds`,
  seconds,
});

function hostOf(
  turns: Turns,
  { request }: Surroundings,
  environment: Readonly<Record<string, string>>,
  log: (line: string) => void,
) {
  return {
    environment: { ...environment },
    log,
    now: () => turns.now,
    after: (milliseconds: number, go: () => void) => turns.after(milliseconds, go),
    cancel: (timer: Timer) => turns.cancel(timer),
    request: (url: string, answer: (status: number) => void, refuse: (reason: string) => void): void => {
      const got = request(url, turns.now);
      turns.after(got.seconds * 1_000, () => {
        if (got.kind === 'answered') answer(got.status);
        else refuse(got.reason);
      });
    },
  };
}

/** Wraps the code as a CommonJS module, and calls its handler. What it says leaves the context as JSON. */
function programOf(code: string, handler: string, event: object): string {
  const name = handler.slice(handler.lastIndexOf('.') + 1);
  return `(() => {
const ending = globalThis.ending;
delete globalThis.ending;
${PRELUDE}
const module = { exports: {} };
((module, exports) => {
${code}
})(module, module.exports);
const answer = (async () => module.exports[${JSON.stringify(name)}](${JSON.stringify(event)}, {}))();
answer.then(
  (output) => { ending.output = output === undefined ? null : JSON.parse(JSON.stringify(output)); },
  (error) => { ending.error = String(error && error.message ? error.message : error); },
);
})()`;
}
