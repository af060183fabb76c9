import type { ProofGrowth, ProofResult } from './proof-results';
import type { LikeForLike } from './resource-types';
import type { StartResult } from './start-benchmark';
import type { Summary } from './statistics';

/** Time of one command over that of its floor. */
export interface Comparison {
  readonly subject: string;
  readonly floor: string;
  /** Ratios of runs that were next to each other. */
  readonly ratio: Summary;
  readonly milliseconds: Summary;
  readonly floorMilliseconds: Summary;
  readonly peakMib: number;
  readonly floorPeakMib: number;
  /** Ratio that the project wants to stay below. @default - none */
  readonly aim?: number;
}

/** One platform, measured in one interleaved series. */
export interface PlatformResult {
  readonly title: string;
  /** Number of workloads of a generated platform. @default - the sample platform */
  readonly workloads?: number;
  readonly repetitions: number;
  readonly alike: LikeForLike;
  readonly comparisons: readonly Comparison[];
}

export interface BenchmarkResult {
  readonly machine: { readonly cores: number; readonly node: string };
  readonly warmUp: boolean;
  readonly platforms: readonly PlatformResult[];
  readonly growth: readonly GrowthStep[];
  /** The sample platform, then the generated ones. */
  readonly proofs: readonly ProofResult[];
  readonly proofGrowth: readonly ProofGrowth[];
  readonly start: StartResult;
}

/** What one more workload costs between two sizes, in milliseconds, from the fastest run of each size. */
export interface GrowthStep {
  readonly subject: string;
  readonly from: number;
  readonly to: number;
  readonly perWorkload: number;
  readonly floorPerWorkload: number;
}

/**
 * Cost of a workload from each size to the next. It stays the same as long as growth is linear. Sizes are
 * measured one after the other, so the fastest runs are taken: other work on the machine disturbs them least.
 */
export function growthSteps(platforms: readonly PlatformResult[]): GrowthStep[] {
  return platforms.slice(1).flatMap((larger, index) => {
    const smaller = platforms[index];
    const { workloads: from } = smaller ?? {};
    const { workloads: to } = larger;
    if (!smaller || from === undefined || to === undefined) return [];
    return larger.comparisons.flatMap((after): GrowthStep[] => {
      const before = smaller.comparisons.find(({ subject }) => subject === after.subject);
      if (!before) return [];
      const slope = (a: Summary, b: Summary) => (b.min - a.min) / (to - from);
      return [
        {
          subject: after.subject,
          from,
          to,
          perWorkload: slope(before.milliseconds, after.milliseconds),
          floorPerWorkload: slope(before.floorMilliseconds, after.floorMilliseconds),
        },
      ];
    });
  });
}
