import colors from 'picocolors';
import type { Status, Verdict } from './bench';

/** Findings shown per judge; `--json` has them all. */
const SHOWN = 20;

const PAINT: Readonly<Record<Status, (text: string) => string>> = {
  passed: colors.green,
  failed: colors.red,
  skipped: colors.yellow,
};

/** A table with one row per judge, the findings of each below it, and the count. */
export function formatReport(verdicts: readonly Verdict[]): string {
  const width = Math.max(...verdicts.map((verdict) => verdict.judge.length));
  const rows = verdicts.flatMap((verdict) => [formatRow(verdict, width), ...formatFindings(verdict)]);
  return [...rows, '', formatCount(verdicts)].join('\n');
}

/** `5 passed, 0 failed, 2 skipped`. */
export function formatCount(verdicts: readonly Verdict[]): string {
  const count = (status: Status): number => verdicts.filter((verdict) => verdict.status === status).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

function formatRow(verdict: Verdict, width: number): string {
  const status = verdict.status === 'skipped' ? 'SKIPPED' : verdict.status;
  const detail = verdict.reason ?? `${verdict.read} read, ${verdict.findings.length} findings`;
  return `${verdict.judge.padEnd(width)}  ${PAINT[verdict.status](status.padEnd(7))}  ${detail}`;
}

function formatFindings(verdict: Verdict): readonly string[] {
  const lines = verdict.findings.slice(0, SHOWN).map((finding) => `    ${finding}`);
  const hidden = verdict.findings.length - lines.length;
  return hidden > 0 ? [...lines, `    … and ${hidden} more (--json shows all)`] : lines;
}
