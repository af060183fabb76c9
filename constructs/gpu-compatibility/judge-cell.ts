import { judgeComputeCapability } from './capability-rule';
import { type Cell, readCell } from './cell';
import { judgeDriver } from './driver-rule';
import type { Finding, Judgement, Reason } from './judgement';
import { judgePytorchBuild } from './pytorch-rule';

/**
 * What the reviewed tables say of a combination, with all reasons at once. What is refused for certain is unsupported,
 * whatever else is unknown; what is neither refused nor certain is unknown.
 *
 * @param day `YYYY-MM-DD` by which a month that is over is told as past. @default - months are told as in the tables
 * @throws LockstepError `InvalidArgument` for a version that is none
 */
export function judgeCell(cell: Cell, day?: string): Judgement {
  const { cuda, driver, pytorch, gpu } = readCell(cell);
  const byDriver = judgeDriver(cuda, driver, day);
  const others = [judgePytorchBuild(cuda, pytorch), judgeComputeCapability(cuda, gpu)];
  const findings = [byDriver, ...others];

  const refused = reasonsOf(findings, 'refuses');
  if (refused.length > 0) return { verdict: 'unsupported', because: refused };
  if (byDriver.outcome !== 'holds' || others.some(({ outcome }) => outcome !== 'holds')) {
    return { verdict: 'unknown', because: reasonsOf(findings, 'unknown') };
  }
  return {
    verdict: 'supported',
    by: byDriver.by,
    notes: findings.flatMap((finding) => (finding.outcome === 'holds' ? finding.notes : [])),
  };
}

const reasonsOf = (findings: readonly Finding[], outcome: 'refuses' | 'unknown'): readonly Reason[] =>
  findings.flatMap((finding) =>
    finding.outcome !== 'holds' && finding.outcome === outcome ? [finding.reason] : [],
  );
