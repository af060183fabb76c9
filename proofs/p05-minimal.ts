import { type Fault, LockstepError } from '../contract';
import { executionRoleFaults } from './calls/execution-role';
import { grantFaults, reasonsOf } from './calls/grant-faults';
import { callsByAction, grantsOf } from './calls/grants';
import { jobCalls } from './calls/job-calls';
import { changingGrantFaults } from './calls/looking-roles';
import { passedRoleFaults } from './calls/passed-roles';
import { sizeFaults } from './calls/policy-size';
import { referenceOf } from './calls/reference';
import { declaredCalls, unmadeFaults } from './calls/rehearsed';
import { type RoleReview, roleReviews } from './calls/role-review';
import { checkCallFaults } from './gpu-check/calls';
import { checkRoleFaults } from './gpu-check/roles';
import { comparedCalls, needlessCallFaults } from './node/calls';
import { nodeRoleFaults } from './node/node-role';
import { postboxCallFaults } from './notices/calls';
import { serviceCallFaults } from './service/calls';
import { serviceRoleFaults } from './service/roles';
import type { Proof } from './proof';

/** Nothing is granted that no step calls. */
export const minimal: Proof = {
  code: 'P05',
  name: 'minimal',
  claim:
    'Each action on each resource that a role is granted is called by a job that assumes it; no action has a ' +
    'wildcard, a resource has one only where IAM offers nothing narrower, no condition takes a value that no ' +
    'call carries, a role that is there to inspect changes nothing, the role of an endpoint is of no use to ' +
    'anybody but SageMaker for that endpoint, those by which ECS moves the traffic of a service and asks it to nobody ' +
    'but ECS for that, that of a node to nobody but its machine, a role is handed over to one service, and no verb that works on ' +
    'a node declares what it does not need, nor one on a service what only another strategy or verb needs. Tasks of a GPU ' +
    'check may do nothing, and its commands and those that send mail declare no call that they do not make.',
  why: 'What a role may do beyond its jobs is what an attacker gains from a single stolen session.',
  reads: [
    'policies of the roles in the templates, taken apart into single grants',
    'trust of the roles of endpoints, services, nodes and GPU checks',
    'the calls of the steps of the workflow files',
    "AWS's Service Authorization Reference",
    'calls that a rehearsal saw, where one was run',
  ],
  limits:
    'Without a rehearsal, a grant counts as used when a step may make the call; with one, when it was made in ' +
    'a scenario. Roles that no job assumes, such as those of tasks and instances, are not read, ' +
    'except those of endpoints, of nodes, of GPU checks, and of what moves the traffic of services and asks them.',
  check(artefacts) {
    const reference = referenceOf(artefacts);
    const { signIns } = jobCalls(artefacts, reference);
    const assumed = new Set(signIns.flatMap(({ session }) => session.role ?? []));
    const reasons = reasonsOf(artefacts.manifest);
    const findings: Fault[] = [];
    const notes: string[] = [];
    let checked = 0;
    for (const review of roleReviews(artefacts).values()) {
      const size = sizeFaults(review);
      notes.push(...size.notes);
      findings.push(...size.faults, ...unreadable(review));
      if (!assumed.has(review.role.arn)) {
        findings.push({
          place: review.place,
          value: 'a role that no job assumes',
          allowed: 'roles that a job of the workflows signs in to',
          change: 'remove the role, or sign in to it',
        });
        continue;
      }
      const { grants, negated } = grantsOf(review);
      checked += grants.length + negated.length;
      findings.push(
        ...negated.map((statement) => ({
          place: `${review.place}, ${statement.place}`,
          value: 'an Allow with NotAction or NotResource',
          allowed: 'actions and resources by their names',
          change: 'name what the steps call',
        })),
      );
      const byAction = callsByAction(review);
      for (const grant of grants) {
        const calls = byAction.get(grant.action.toLowerCase()) ?? [];
        try {
          findings.push(
            ...grantFaults(grant, calls, review.place, reasons, reference),
            ...changingGrantFaults(review.role.arn, grant, review.place, artefacts.manifest, reference),
          );
        } catch (error) {
          if (!LockstepError.is(error)) throw error;
          findings.push(
            ...error.faults.map((fault) => ({ ...fault, place: `${review.place}, ${fault.place}` })),
          );
        }
      }
    }
    const endpoints = executionRoleFaults(artefacts);
    checked += endpoints.checked;
    findings.push(...endpoints.beyond);
    const nodes = nodeRoleFaults(artefacts);
    checked += nodes.checked + comparedCalls(artefacts);
    findings.push(...nodes.beyond, ...needlessCallFaults(artefacts));
    const services = serviceRoleFaults(artefacts);
    const passed = passedRoleFaults(artefacts);
    const declared = serviceCallFaults(artefacts);
    checked += services.checked + passed.checked + declared.checked;
    findings.push(...services.beyond, ...passed.beyond, ...declared.beyond);
    for (const part of [
      checkRoleFaults(artefacts),
      checkCallFaults(artefacts),
      postboxCallFaults(artefacts),
    ]) {
      checked += part.checked;
      findings.push(...part.beyond);
    }
    if (artefacts.rehearsed) {
      checked += declaredCalls(artefacts).length;
      findings.push(...unmadeFaults(artefacts, artefacts.rehearsed));
    }
    return { checked, findings, notes };
  },
};

/** What a role is granted out of sight of the templates. */
function unreadable({ role, place, faults }: RoleReview): readonly Fault[] {
  return [
    ...faults,
    ...role.managedPolicyArns.map((arn) => ({
      place: `${place}, ManagedPolicyArns`,
      value: String(arn),
      allowed: 'policies that stand in the template',
      change: 'remove it: what it grants is decided elsewhere, and more than the jobs call',
    })),
  ];
}
