import type { Clock, DeployContext, DeployEvent } from '../../contract';

export interface RecordedContext extends DeployContext {
  readonly events: DeployEvent[];
  /** Codes of the events, in order. */
  readonly codes: () => readonly string[];
  readonly interrupt: () => void;
}

/** A context that keeps what a deployer tells, and can be interrupted. */
export function recordedContext(clock: Clock): RecordedContext {
  const events: DeployEvent[] = [];
  const abort = new AbortController();
  return {
    clock,
    events,
    emit: (event) => events.push(event),
    signal: abort.signal,
    codes: () => events.map(({ code }) => code),
    interrupt: () => abort.abort(),
  };
}
