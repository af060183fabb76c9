import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, measure } from './measure';
import { type PhaseReport, PHASES_VARIABLE } from './phase-clock';
import { platformTitle } from './platform-title';
import type { ProofCounts, ProofPhase, ProofResult } from './proof-results';
import type { RepetitionOptions } from './series';
import { ratios, type Summary, summarize } from './statistics';
import { inWorkspace, type Workspace } from './workspace';

/** CPU time beyond synthesis that proving the sample platform may take, in milliseconds. */
const AIM = 1000;

type Report = PhaseReport<ProofPhase, ProofCounts>;

/**
 * Measures the proofs. Their floor, synthesis, is part of the same process, so that both find the same
 * modules loaded and the machine equally busy.
 *
 * @param workloads of a generated platform; none for the sample
 */
export function measureProofs(
  workloads: number | undefined,
  { repetitions, warmUp, onProgress }: RepetitionOptions,
): Promise<ProofResult> {
  const title = platformTitle(workloads);
  return inWorkspace(workloads, async (workspace) => {
    const file = join(workspace.folder, 'phases.json');
    const command = proveIn(workspace, file);
    const once = async (): Promise<Report> => {
      await measure(command, { usage: false });
      return JSON.parse(readFileSync(file, 'utf8')) as Report;
    };
    if (warmUp) {
      onProgress(`${title}, warming up: ${command.name}`);
      await once();
    }
    const reports: Report[] = [];
    for (let repetition = 1; repetition <= repetitions; repetition += 1) {
      onProgress(`${title}, ${repetition} of ${repetitions}: ${command.name}`);
      reports.push(await once());
    }
    const cpuOf = (phase: ProofPhase) => reports.map(({ phases }) => phases[phase].cpu);
    return {
      title,
      ...(workloads === undefined ? { aim: AIM } : { workloads }),
      repetitions,
      cpu: byPhase((phase) => summarize(cpuOf(phase))),
      wall: byPhase((phase) => summarize(reports.map(({ phases }) => phases[phase].wall))),
      ratio: summarize(ratios(cpuOf('prove'), cpuOf('synth'))),
      ...countsOf(reports),
    };
  });
}

function proveIn({ folder }: Workspace, file: string): Command {
  return {
    name: 'prove',
    args: ['--import', 'tsx', 'bench/processes/prove.ts'],
    cwd: folder,
    env: { [PHASES_VARIABLE]: file },
    prepare: () => undefined,
  };
}

const byPhase = (summaryOf: (phase: ProofPhase) => Summary): ProofResult['cpu'] => ({
  synth: summaryOf('synth'),
  render: summaryOf('render'),
  prove: summaryOf('prove'),
});

/** @throws Error when the same platform was proved differently twice */
function countsOf([first, ...others]: readonly Report[]): ProofCounts {
  if (!first) throw new RangeError('nothing was measured');
  const { checked, findings } = first.counts;
  const differs = others.some(({ counts }) => counts.checked !== checked || counts.findings !== findings);
  if (differs) throw new Error('proofs of one platform counted differently in two runs');
  return { checked, findings };
}
