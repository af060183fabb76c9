import type { Fault } from '../contract';
import {
  type Artefacts,
  coverage,
  type ProofCode,
  prove,
  type ProvedClaim,
  type RoleCoverage,
} from '../proofs';
import type { Paint } from './local-command';

/** What a proof found, with its code, so that a script can take all findings together. */
export interface ProofFinding extends Fault {
  readonly code: ProofCode;
}

/** The shape that `lockstep prove --json` prints. */
export interface ProofReport {
  readonly proofs: readonly (ProvedClaim & { readonly findings: readonly ProofFinding[] })[];
  readonly roles: readonly RoleCoverage[];
}

export function proofReport(artefacts: Artefacts): ProofReport {
  const proofs = prove(artefacts).map((proved) => ({
    ...proved,
    findings: proved.findings.map((fault) => ({ code: proved.code, ...fault })),
  }));
  return { proofs, roles: coverage(artefacts) };
}

export const hasFindings = ({ proofs }: ProofReport): boolean =>
  proofs.some(({ findings }) => findings.length > 0);

/** The report as a person reads it: a line for each proof, then each finding, then the roles. */
export function renderProofs({ proofs, roles }: ProofReport, paint: Paint): string {
  const width = Math.max(...proofs.map(({ name }) => name.length));
  const lines = proofs.map(({ code, name, claim, checked, findings }) => {
    const verdict = findings.length === 0 ? paint.green('✔') : paint.red('✖');
    const found = findings.length === 0 ? '' : paint.red(`  ${findings.length} found`);
    return `${verdict} ${code} ${name.padEnd(width)} ${String(checked).padStart(6)} checked${found}  ${paint.dim(claim)}`;
  });
  const findings = proofs.flatMap(({ code, findings: found }) =>
    found.flatMap(({ place, value, allowed, change }) => [
      '',
      `${paint.red(code)} ${paint.bold(place)}`,
      `  got      ${value}`,
      `  allowed  ${allowed}`,
      `  change   ${change}`,
    ]),
  );
  const notes = proofs.flatMap(({ code, notes: said }) => said.map((note) => `${code} ${note}`));
  const roleWidth = Math.max(0, ...roles.map(({ role }) => role.length));
  return [
    '',
    ...lines,
    ...findings,
    '',
    paint.bold('Roles'),
    ...roles.map(
      ({ role, calls, covered, grants, used }) =>
        `  ${role.padEnd(roleWidth)}  ${covered} of ${calls} calls allowed, ${used} of ${grants} grants used`,
    ),
    ...(notes.length > 0 ? ['', paint.bold('Notes'), ...notes.map((note) => `  ${note}`)] : []),
    '',
    '',
  ].join('\n');
}
