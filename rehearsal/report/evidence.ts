import { type Artefacts, type ProofCode, PROOFS, prove, type ProvedClaim } from '../../proofs';
import type { ScenarioReport } from '../scenarios/scenario';
import { rehearsedCalls } from './call-review';

/** The proofs that a rehearsal keeps honest: all that is called is allowed, and all that is allowed is called. */
const ABOUT_CALLS: ReadonlySet<ProofCode> = new Set(['P04', 'P05']);

/**
 * Runs the proofs about calls with what the scenarios did as evidence.
 *
 * @param reports of every workflow and every scenario; with fewer, calls would count as never made
 */
export function proveWithEvidence(
  artefacts: Artefacts,
  reports: readonly ScenarioReport[],
): readonly ProvedClaim[] {
  return prove(
    { ...artefacts, rehearsed: rehearsedCalls(reports) },
    PROOFS.filter(({ code }) => ABOUT_CALLS.has(code)),
  );
}
