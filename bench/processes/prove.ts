import { phaseClock } from '../phase-clock';
import type { ProofCounts, ProofPhase } from '../proof-results';

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

// Measured process: what regeneration does before it writes, phase by phase. Modules are loaded in the
// phase that needs them first, so that the proofs pay for their own.
async function main(): Promise<void> {
  const clock = phaseClock<ProofPhase, ProofCounts>();
  const platform = await clock.during('synth', async () => {
    const { loadPlatform } = await import('../../bin/load-platform');
    const { synthesize } = await import('../../cli/read-artefacts');
    return synthesize(loadPlatform());
  });
  const { manifest, templates } = platform;
  const workflows = await clock.during('render', async () => {
    const { planPipelines, renderWorkflow } = await import('../../workflows');
    return planPipelines(manifest).map((plan) => ({ file: plan.file, text: renderWorkflow(plan) }));
  });
  const { proofs } = await clock.during('prove', async () => {
    const { readForProofs } = await import('../../proofs');
    const { proofReport } = await import('../../cli/prove');
    const { readForProving } = await import('../../cli/read-artefacts');
    const files = readForProving(process.cwd(), platform);
    return proofReport(await readForProofs({ manifest, templates, workflows, files }));
  });
  clock.write({
    checked: sum(proofs.map(({ checked }) => checked)),
    findings: sum(proofs.map(({ findings }) => findings.length)),
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
