import type { LockstepError } from '../../contract/errors';
import type { TextStream } from '../ports';
import type { Renderer, Report } from '../report';

/** Events as lines of JSON on stderr while the run goes on, one document on stdout at its end. */
export function jsonRenderer(command: string, stdout: TextStream, stderr: TextStream): Renderer {
  let written = false;
  const write = (document: Readonly<Record<string, unknown>>) => {
    // A failed command reports first and fails then: one document for both.
    if (!written) stdout.write(`${JSON.stringify({ command, ...document }, null, 2)}\n`);
    written = true;
  };
  return {
    phase: () => undefined,
    event: (event) => stderr.write(`${JSON.stringify({ ...event, at: new Date(event.at).toISOString() })}\n`),
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

const errorOf = ({ code, message, faults }: LockstepError) => ({ code, message, faults });
