import type { LockstepError } from '../../contract/errors';
import type { TextStream } from '../ports';
import type { Renderer, Report } from '../report';

/** Events as lines of JSON on stderr while the run goes on, one document on stdout at its end. */
export function jsonRenderer(command: string, stdout: TextStream, stderr: TextStream): Renderer {
  let written = false;
  const write = (document: Readonly<Record<string, unknown>>) => {
    // A failed command reports first and fails then: one document for both.
    if (!written) stdout.write(`${encode({ command, ...document }, 2)}\n`);
    written = true;
  };
  return {
    phase: () => undefined,
    event: (event) => stderr.write(`${encode({ ...event, at: new Date(event.at).toISOString() })}\n`),
    report: ({ data, checks, diagnoses, history, failure }: Report) =>
      write({
        passed: failure === undefined,
        ...data,
        ...(checks ? { checks } : {}),
        ...(diagnoses ? { diagnoses } : {}),
        ...(history ? { history } : {}),
        ...(failure ? { error: errorOf(failure) } : {}),
      }),
    failure: (error) => write({ passed: false, error: errorOf(error) }),
  };
}

/** JSON escapes the C0 controls by itself; a terminal acts on the others too. */
function encode(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const errorOf = ({ code, message, faults }: LockstepError) => ({ code, message, faults });
