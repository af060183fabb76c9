import { hear, type Verdict } from './bench';
import type { Parts } from './install';
import type { Judge } from './judge';
import { sampleSubjects } from './subjects';

/**
 * Puts a known-bad and a known-good sample before each installed judge. It passes only when it found
 * something in the bad one and nothing in the good one: a judge that is always content is worth nothing.
 */
export async function testJudge(judge: Judge, root: string, parts: Parts): Promise<Verdict> {
  const bad = await hear(judge, sampleSubjects(root, 'bad'), parts);
  if (!bad.installed) return bad;
  const good = await hear(judge, sampleSubjects(root, 'good'), parts);
  const faults: string[] = [];
  if (bad.findings.length === 0) faults.push(`known-bad sample: no finding${because(bad)}`);
  if (good.status !== 'passed')
    faults.push(`known-good sample: ${good.findings[0] ?? 'broke'}${because(good)}`);
  return { ...bad, status: faults.length === 0 ? 'passed' : 'failed', read: 2, findings: faults };
}

function because(verdict: Verdict): string {
  return verdict.reason === undefined ? '' : ` (${verdict.reason})`;
}
