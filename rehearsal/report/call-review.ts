import type { RehearsedCall } from '../../proofs';
import { compareCalls, type DeclaredCall } from '../../proofs/calls/rehearsed';
import type { CallReview, ScenarioReport } from '../scenarios/scenario';
import { placeOfCall } from './calls-by-job';

export { type DeclaredCall, declaredCalls } from '../../proofs/calls/rehearsed';

/**
 * Calls that roles made in all scenarios together, against what the steps of the workflow files declare, in
 * both directions. A call that was denied was made all the same.
 *
 * Calls without a role are left out: who may open a session is the trust policy's business. An operation for
 * which IAM asks nothing, such as `sts:GetCallerIdentity`, leaves no call to review, and what an instance calls with its
 * own role is no job's.
 */
export function reviewCalls(
  reports: readonly ScenarioReport[],
  declared: readonly DeclaredCall[],
): CallReview {
  const { undeclared, unmade, matched } = compareCalls(declared, rehearsedCalls(reports));
  return {
    undeclared,
    unmade: unmade.map(({ role, action, resource, context = {}, places }) => ({
      role,
      action,
      resource,
      ...(Object.keys(context).length > 0 && { context }),
      place: places.join('; also at '),
    })),
    matched,
  };
}

/** Calls that roles made, with their place: the evidence that the proofs about calls take. */
export function rehearsedCalls(reports: readonly ScenarioReport[]): readonly RehearsedCall[] {
  return reports.flatMap((report) =>
    report.calls.flatMap((call): readonly RehearsedCall[] => {
      const { role, action, resource, context, unasked, inside } = call;
      return role === undefined || unasked === true || inside === true
        ? []
        : [{ role, action, resource, context, place: placeOfCall(report, call) }];
    }),
  );
}
