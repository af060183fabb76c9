import type { Source } from './source';

/** The rules that a cell is judged by. */
export type Rule = 'driver' | 'pytorchBuild' | 'computeCapability';

/** What a rule says, and where that was read. */
export interface Reason {
  readonly rule: Rule;
  readonly text: string;
  readonly source: Source;
}

/** Why a driver is new enough: it has all of the toolkit, or what its major version guarantees. */
export type SupportedBy = 'packagedDriver' | 'minorVersionCompatibility';

/** What one rule says of a cell. */
export type Finding =
  | { readonly outcome: 'holds'; readonly notes: readonly Reason[] }
  | { readonly outcome: 'refuses'; readonly reason: Reason }
  | { readonly outcome: 'unknown'; readonly reason: Reason };

/** What the driver rule says: where it holds, also why. */
export type DriverFinding =
  | (Extract<Finding, { outcome: 'holds' }> & { readonly by: SupportedBy })
  | Exclude<Finding, { outcome: 'holds' }>;

/** What the reviewed tables say of a cell. */
export type Judgement =
  | { readonly verdict: 'supported'; readonly by: SupportedBy; readonly notes: readonly Reason[] }
  | { readonly verdict: 'unsupported'; readonly because: readonly Reason[] }
  | { readonly verdict: 'unknown'; readonly because: readonly Reason[] };
