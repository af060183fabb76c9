import type { ProvedClaim } from '../../proofs';
import type { SeenCall } from '../../rehearsal/aws/seen-call';
import { roleName } from '../../rehearsal/report/names';
import type { CallReview, ReviewedCall } from '../../rehearsal/scenarios/scenario';
import type { Paint } from '../local-command';
import { counted, fact, firstOf, mark } from './marks';

/** Calls that are listed before the rest is counted; the JSON document has them all. */
const LISTED = 12;

/** How the calls that were made fit those that are declared. */
export function callReviewLines(
  { undeclared, unmade, matched }: CallReview,
  inProofs: boolean,
  paint: Paint,
): readonly string[] {
  const count = (calls: readonly ReviewedCall[], text: string) =>
    calls.length === 0 ? `0 ${text}` : paint.red(`${calls.length} ${text}`);
  const counts = [
    `${matched} made and declared`,
    count(undeclared, 'made but not declared'),
    count(unmade, 'declared but never made'),
  ].join(', ');
  const list = (title: string, calls: readonly ReviewedCall[]) =>
    // The findings of the proofs name each of them, with what to change.
    calls.length === 0 || inProofs
      ? []
      : [
          '',
          paint.red(title),
          ...firstOf(
            calls.map((call) => reviewed(call, paint)),
            LISTED,
            paint,
          ),
        ];
  return [
    `${paint.bold('Calls')}  ${counts}`,
    ...list('Made, but declared by no step of the role', undeclared),
    ...list('Declared, but made in no scenario', unmade),
  ];
}

function reviewed({ role, action, resource, context = {}, place }: ReviewedCall, paint: Paint) {
  const keys = Object.entries(context).map(([key, value]) => `${key} = ${[value].flat().join(' or ')}`);
  const condition = keys.length > 0 ? ` if ${keys.join(' and ')}` : '';
  return [
    `  ${fact(action)} on ${fact(resource)} with ${fact(roleName(role))}`,
    `    ${paint.dim(fact(`${place}${condition}`))}`,
  ];
}

/** The proofs that read the calls as evidence, with their findings. */
export function proofLines(proofs: readonly ProvedClaim[], paint: Paint): readonly string[] {
  return [
    paint.bold('Proofs with these calls as evidence'),
    ...proofs.map(({ code, name, checked, findings, claim }) => {
      const found = findings.length === 0 ? '' : paint.red(`  ${findings.length} found`);
      const sign = mark(findings.length === 0 ? 'success' : 'failure', paint);
      return `${sign} ${code} ${name.padEnd(8)} ${String(checked).padStart(6)} checked${found}  ${paint.dim(claim)}`;
    }),
    ...proofs.flatMap(({ code, findings }) => [
      ...findings
        .slice(0, LISTED)
        .flatMap(({ place, value, allowed, change }) => [
          '',
          `${paint.red(code)} ${paint.bold(fact(place))}`,
          `  got      ${fact(value)}`,
          `  allowed  ${fact(allowed)}`,
          `  change   ${fact(change)}`,
        ]),
      ...(findings.length > LISTED
        ? [
            '',
            paint.dim(
              `… and ${counted(findings.length - LISTED, 'more finding')} of ${code}: --json has all`,
            ),
          ]
        : []),
    ]),
  ];
}

/** Calls that IAM or a fault refused, each once: what, by whom, how often, and why. */
export function deniedCalls(calls: readonly SeenCall[], paint: Paint): readonly (readonly string[])[] {
  const denied = new Map<string, { readonly call: SeenCall; readonly times: number }>();
  for (const call of calls) {
    const { action, resource, role, because, allowed } = call;
    if (allowed) continue;
    const key = JSON.stringify([action, resource, role, because]);
    const before = denied.get(key);
    denied.set(key, { call: before?.call ?? call, times: (before?.times ?? 0) + 1 });
  }
  return [...denied.values()].map(({ call: { action, resource, role, because }, times }) => [
    `${paint.red(fact(action))} on ${fact(resource)} ${role === undefined ? 'without a role' : `with ${fact(roleName(role))}`}${times > 1 ? paint.dim(`, ${times} times`) : ''}`,
    ...because.map((reason) => `  ${paint.dim(fact(reason))}`),
  ]);
}
