import type { Summary } from './statistics';

/** Parts of the measured process, in their order. */
export type ProofPhase = 'synth' | 'render' | 'prove';

/** Sums over all proofs. */
export interface ProofCounts {
  readonly checked: number;
  readonly findings: number;
}

/** CPU time that proving one platform takes beside synthesizing it, in milliseconds. */
export interface ProofResult extends ProofCounts {
  readonly title: string;
  /** Number of workloads of a generated platform. @default - the sample platform */
  readonly workloads?: number;
  readonly repetitions: number;
  readonly cpu: Readonly<Record<ProofPhase, Summary>>;
  readonly wall: Readonly<Record<ProofPhase, Summary>>;
  /** CPU time of proving over that of synthesis in the same process. */
  readonly ratio: Summary;
  /** CPU time of proving that the project wants to stay below. @default - none */
  readonly aim?: number;
}

/** CPU time of one more workload between two sizes, in milliseconds, from the least of each size. */
export interface ProofGrowth {
  readonly from: number;
  readonly to: number;
  readonly perWorkload: Readonly<Record<ProofPhase, number>>;
}

/** Cost of a workload from each size to the next. It stays the same as long as growth is linear. */
export function proofGrowth(results: readonly ProofResult[]): ProofGrowth[] {
  return results.slice(1).flatMap((larger, index) => {
    const smaller = results[index];
    const { workloads: from } = smaller ?? {};
    const { workloads: to } = larger;
    if (!smaller || from === undefined || to === undefined) return [];
    const slope = (phase: ProofPhase) => (larger.cpu[phase].min - smaller.cpu[phase].min) / (to - from);
    return [
      { from, to, perWorkload: { synth: slope('synth'), render: slope('render'), prove: slope('prove') } },
    ];
  });
}
