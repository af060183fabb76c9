import type { DeployManifest, Fault } from '../contract';
import { type Artefacts, type ArtefactSources, readArtefacts } from './artefacts';
import { referenceFor } from './calls/reference';
import { nodeFiles } from './node/spec';
import { names } from './p01-names';
import { signInProof } from './p02-sign-in';
import { strangersProof } from './p03-strangers';
import { complete } from './p04-complete';
import { minimal } from './p05-minimal';
import { neighbours } from './p06-neighbours';
import { P07 } from './p07-session';
import { P08 } from './p08-reach';
import { P09 } from './p09-way-back';
import { P10 } from './p10-capacity';
import { P11 } from './p11-inputs';
import { P12 } from './p12-pins';
import type { Proof, ProofCode } from './proof';

export * from './artefacts';
export * from './calls/coverage';
export * from './proof';

/** One line each, in the order of their codes. */
export const PROOFS: readonly Proof[] = [
  names,
  signInProof,
  strangersProof,
  complete,
  minimal,
  neighbours,
  P07,
  P08,
  P09,
  P10,
  P11,
  P12,
];

/** Files of the repository that the proofs read besides, by their paths from its root. */
export const filesToRead = (manifest: DeployManifest): readonly string[] => nodeFiles(manifest);

/** Parses what lies on disk, and loads what AWS documents about the actions that occur in it. */
export async function readForProofs(sources: ArtefactSources): Promise<Artefacts> {
  return readArtefacts(sources, await referenceFor(sources));
}

/** A claim with what its proof found. */
export interface ProvedClaim {
  readonly code: ProofCode;
  readonly name: string;
  readonly claim: string;
  readonly checked: number;
  readonly findings: readonly Fault[];
  readonly notes: readonly string[];
}

/**
 * Runs the proofs. A proof that found nothing to check is a finding of its own: it would be green
 * whatever the platform did.
 */
export function prove(artefacts: Artefacts, proofs: readonly Proof[] = PROOFS): readonly ProvedClaim[] {
  return proofs.map((proof) => {
    const { code, name, claim } = proof;
    const { checked, findings, notes = [] } = proof.check(artefacts);
    const nothing: Fault = {
      place: `${code} ${name}`,
      value: 'nothing that could be checked',
      allowed: 'at least one thing to check',
      change: 'declare a workload, or report this as a fault of the proof',
    };
    return { code, name, claim, checked, findings: checked === 0 ? [nothing, ...findings] : findings, notes };
  });
}
