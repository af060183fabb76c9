import type { Fault } from '../contract';
import type { Artefacts } from './artefacts';

export const PROOF_CODES = [
  'P01',
  'P02',
  'P03',
  'P04',
  'P05',
  'P06',
  'P07',
  'P08',
  'P09',
  'P10',
  'P11',
  'P12',
] as const;
export type ProofCode = (typeof PROOF_CODES)[number];

/** What a proof found out: how much it looked at, and what is wrong. */
export interface ProofResult {
  /** Things that were checked. Zero means that the proof had nothing to say, which is itself suspicious. */
  readonly checked: number;
  readonly findings: readonly Fault[];
  /** What else a reader should know, such as a condition that was switched off and what is lost by it. */
  readonly notes?: readonly string[];
}

/**
 * One claim about the platform, shown from artefacts that were read back: templates as synthesized,
 * workflow files as parsed from YAML, the manifest. A proof explains; it never returns a mere boolean.
 */
export interface Proof {
  readonly code: ProofCode;
  /** One word, as in the table of `prove`. */
  readonly name: string;
  /** One sentence that is true when there is no finding. */
  readonly claim: string;
  /** What goes wrong in the world where it is false. */
  readonly why: string;
  /** What it reads, for instance `trust policies of the templates`. */
  readonly reads: readonly string[];
  /** What it does not show. */
  readonly limits: string;
  check(artefacts: Artefacts): ProofResult;
}
