/** Writes one event with its fields. */
export type Log = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** One JSON object per line. */
export function jsonLog(write: (line: string) => void, now: () => Date): Log {
  return (event, fields = {}) =>
    write(`${JSON.stringify({ time: now().toISOString(), event, ...fields })}\n`);
}
