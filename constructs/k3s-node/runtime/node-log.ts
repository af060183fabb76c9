/** Whole lines of a log that were not told yet. */
export interface NewLines {
  readonly lines: readonly string[];
  /** What has been told now. */
  readonly seen: string;
}

/**
 * Compares a log with what was told of it. A line that is not written to its end yet waits; a log that was begun anew is
 * told from its beginning.
 */
export function newLines(told: string, log: string): NewLines {
  const from = log.startsWith(told) ? told.length : 0;
  const end = log.lastIndexOf('\n') + 1;
  if (end <= from) return { lines: [], seen: told };
  const lines = log.slice(from, end).split('\n');
  return { lines: lines.filter((line) => line.trim() !== ''), seen: log.slice(0, end) };
}
