import { PROOF_GROWTH_HEAD, PROOF_HEAD, proofGrowthRow, proofRow } from './proof-table';
import type { BenchmarkResult } from './results';
import {
  COMPARISON_HEAD,
  comparisonRow,
  GROWTH_HEAD,
  growthBySubject,
  growthRow,
  machineLine,
  platformLine,
  startLine,
} from './table';

/** The result for a terminal: plain text, no colours. */
export function renderReport(result: BenchmarkResult): string {
  return [
    `Lockstep benchmark: ${machineLine(result)}`,
    'A ratio is the time over that of its floor, run next to it; the median is shown.',
    ...result.platforms.flatMap((platform) => [
      '',
      platformLine(platform),
      ...columns([
        COMPARISON_HEAD,
        ...platform.comparisons.map((comparison) => comparisonRow(comparison, result.warmUp)),
      ]),
    ]),
    '',
    'Growth, from the fastest run of each size: linear as long as a workload costs the same',
    ...columns([GROWTH_HEAD, ...growthBySubject(result.growth).map(growthRow)]),
    '',
    'Proofs: CPU time beside that of synthesis in the same process, the median',
    ...columns([PROOF_HEAD, ...result.proofs.map((proof) => proofRow(proof, result.warmUp))]),
    '',
    'Growth of the proofs, CPU milliseconds per workload',
    ...columns([PROOF_GROWTH_HEAD, ...result.proofGrowth.map(proofGrowthRow)]),
    '',
    'Start of the pipeline command',
    `  ${startLine(result.start, result.warmUp)}`,
    '',
  ].join('\n');
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (found, row) => row.map((cell, index) => Math.max(found[index] ?? 0, cell.length)),
    [],
  );
  return rows.map((row) =>
    `  ${row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}
