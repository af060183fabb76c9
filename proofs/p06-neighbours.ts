import { type Fault, LockstepError } from '../contract';
import { callKey } from './calls/call';
import { movedCalls, neighbourhood, type NeighbourCall, realNeighbours } from './calls/neighbours';
import { requestOf, type RoleReview, roleReviews } from './calls/role-review';
import { nodeReachFaults } from './node/reach';
import type { Proof } from './proof';

/** A role of one workload and environment is of no use to another. */
export const neighbours: Proof = {
  code: 'P06',
  name: 'neighbours',
  claim:
    'The calls of each role, made on a sibling workload or image, a sibling environment, another account or another ' +
    'region, are denied. Whoever may run the document of a node can run neither a document of AWS nor any other ' +
    'one, reaches no other machine, and touches no object but those of its runs.',
  why: 'A job of one workload that goes wrong, or is taken over, must not reach another one.',
  reads: [
    'the calls of the steps of the workflow files, moved to siblings that exist and to invented ones',
    'policies and permission boundaries of the roles in the templates',
  ],
  limits:
    'Actions that IAM cannot limit to a resource are listed in the notes. What policies of resources grant ' +
    'to other accounts is not read. On its own node, the deploy role is bounded by nothing: the manifests that it ' +
    'writes are applied with the rights of the cluster’s administrator.',
  check(artefacts) {
    const around = neighbourhood(artefacts.manifest);
    const findings: Fault[] = [];
    const unscoped = new Set<string>();
    let checked = 0;
    for (const review of roleReviews(artefacts).values()) {
      if (review.faults.length > 0) {
        findings.push(...review.faults);
        continue;
      }
      const own = new Set(review.calls.map(({ call }) => callKey(call)));
      const asked = new Set<string>();
      for (const { call } of review.calls) {
        const moved = [...movedCalls(call, around), ...realNeighbours(call, around)];
        if (call.resource === '*') unscoped.add(call.action);
        for (const neighbour of moved) {
          const key = callKey(neighbour.call);
          // A role may serve both; and `*` is the same wherever it is called.
          if (own.has(key) || asked.has(key)) continue;
          asked.add(key);
          checked += 1;
          findings.push(...reached(review, neighbour));
        }
      }
    }
    const nodes = nodeReachFaults(artefacts);
    checked += nodes.checked;
    findings.push(...nodes.findings);
    const notes = [...unscoped].sort().map((action) => `${action}: IAM cannot limit it to a resource`);
    return { checked, findings, notes };
  },
};

function reached(review: RoleReview, { call, whose }: NeighbourCall): readonly Fault[] {
  try {
    const { effect, because, statement } = review.decide(requestOf(call));
    if (effect !== 'allowed') return [];
    const where = statement ? `, policy "${statement.policy}", Statement[${statement.index}]` : '';
    return [
      {
        place: `${review.place}${where}`,
        value: `${call.action} on ${call.resource} (${whose}): ${because.join('; ')}`,
        allowed: 'only what its own workload and environment own',
        change: 'name workload, environment, account and region in the resources of the call',
      },
    ];
  } catch (error) {
    if (!LockstepError.is(error)) throw error;
    return error.faults.map((fault) => ({ ...fault, place: `${review.place}, ${fault.place}` }));
  }
}
