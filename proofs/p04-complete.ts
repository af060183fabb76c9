import { type Fault, LockstepError } from '../contract';
import type { Artefacts } from './artefacts';
import { bucketPolicyFaults } from './calls/bucket-policies';
import { formFaults } from './calls/call-form';
import { executionRoleFaults } from './calls/execution-role';
import { jobCalls } from './calls/job-calls';
import { passedRoleFaults } from './calls/passed-roles';
import { undeclaredFaults } from './calls/rehearsed';
import { referenceOf } from './calls/reference';
import { requestOf, type RoleReview, roleReviews } from './calls/role-review';
import { checkCallFaults } from './gpu-check/calls';
import { checkRoleFaults } from './gpu-check/roles';
import { comparedCalls, missingCallFaults } from './node/calls';
import { nodeRoleFaults } from './node/node-role';
import { postboxCallFaults } from './notices/calls';
import { serviceCallFaults } from './service/calls';
import { serviceRoleFaults } from './service/roles';
import type { Proof } from './proof';

/** Each call of each step is allowed by the role that its job assumes. */
export const complete: Proof = {
  code: 'P04',
  name: 'complete',
  claim:
    'Each call of each step is allowed by the policies of the role that its job assumes, no step narrows its session, SageMaker may do with the role of each endpoint what the endpoint needs, ECS with those of a service what moving its traffic and asking it needs, and a node with its own what the node needs. A role that is handed over trusts the service that gets it. A verb that works on a node declares what it asks AWS for, and one on a service what its strategy and its verification add. ECS may start the tasks of a GPU check, and what builds and runs one, and what sends mail, declares its calls.',
  why: 'A permission that is missing shows in the middle of a deployment, or worse, of a rollback.',
  reads: [
    'steps of the workflow files: pipeline commands, lines of `aws`, actions and their catalogue of calls',
    'policies and permission boundaries of the roles in the templates, and of buckets in other accounts',
    'trust and policies of the roles of endpoints, services, nodes and GPU checks, policies of the buckets and repositories that they read',
    "AWS's Service Authorization Reference",
    'calls that a rehearsal saw, where one was run',
  ],
  limits:
    'A verb makes the calls that it declares; the conformance tests of its deployer and the rehearsal compare ' +
    'them with those that it really makes. Policies of the organization and of keys are not read, those of ' +
    'repositories only for endpoints; nor are scripts that a step starts. What SageMaker calls for an endpoint is ' +
    'what its documentation lists.',
  check(artefacts) {
    const reference = referenceOf(artefacts);
    const { steps, signIns } = jobCalls(artefacts, reference);
    const reviews = roleReviews(artefacts);
    const findings: Fault[] = [
      ...signIns.flatMap(({ session }) => session.faults),
      ...steps.flatMap(({ faults }) => faults),
      ...foreignJobs(artefacts),
      ...brokenFiles(artefacts),
    ];
    let checked = 0;
    for (const { place, session } of signIns) {
      if (session.role === undefined || reviews.has(session.role)) continue;
      findings.push({
        place,
        value: session.role,
        allowed: [...reviews.keys()].join(', '),
        change: 'assume a role that a stack makes, or deploy the stack that should make this one',
      });
    }
    const formed = new Set<string>();
    for (const review of reviews.values()) {
      findings.push(...review.faults);
      for (const { call, places } of review.calls) {
        checked += places.length;
        const form = JSON.stringify([call.action, call.resource, call.context]);
        if (!formed.has(form)) {
          formed.add(form);
          const all = review.calls.map((one) => one.call);
          findings.push(...formFaults(call, places[0] ?? review.place, reference, all));
        }
      }
      if (review.faults.length === 0) findings.push(...deniedCalls(review));
    }
    const buckets = bucketPolicyFaults(artefacts, reviews.values());
    checked += buckets.checked;
    findings.push(...buckets.findings);
    const endpoints = executionRoleFaults(artefacts);
    checked += endpoints.checked;
    findings.push(...endpoints.missing);
    const nodes = nodeRoleFaults(artefacts);
    checked += nodes.checked + comparedCalls(artefacts);
    findings.push(...nodes.missing, ...missingCallFaults(artefacts));
    const services = serviceRoleFaults(artefacts);
    const passed = passedRoleFaults(artefacts);
    const declared = serviceCallFaults(artefacts);
    checked += services.checked + passed.checked + declared.checked;
    findings.push(...services.missing, ...passed.missing, ...declared.missing);
    for (const part of [
      checkRoleFaults(artefacts),
      checkCallFaults(artefacts),
      postboxCallFaults(artefacts),
    ]) {
      checked += part.checked;
      findings.push(...part.missing);
    }
    const { rehearsed = [] } = artefacts;
    findings.push(...undeclaredFaults(artefacts, rehearsed));
    return { checked: checked + rehearsed.length, findings };
  },
};

function deniedCalls(review: RoleReview): readonly Fault[] {
  return review.calls.flatMap(({ call, places }): Fault[] => {
    const [first = review.place, ...others] = places;
    const more = others.length === 0 ? '' : `; also at ${others.join(', ')}`;
    const place = `${first} (${call.source})`;
    try {
      const { effect, because } = review.decide(requestOf(call));
      if (effect === 'allowed') return [];
      return [
        {
          place,
          value: `${call.action} on ${call.resource}: ${effect === 'explicitlyDenied' ? 'denied' : 'not allowed'}; ${because.join('; ')}${more}`,
          allowed: `calls that ${review.place} allows`,
          change:
            effect === 'explicitlyDenied'
              ? 'remove the Deny, or the call'
              : 'grant the verbs of the command to this role, or assume the role that has them',
        },
      ];
    } catch (error) {
      if (!LockstepError.is(error)) throw error;
      return error.faults.map((fault) => ({ ...fault, place: `${place}, ${fault.place}` }));
    }
  });
}

/** What YAML does not give, nobody can check. */
function brokenFiles({ workflows }: Artefacts): readonly Fault[] {
  return workflows.flatMap(({ file, errors }) =>
    errors.map(({ line, message }) => ({
      place: `${file}:${line}`,
      value: message,
      allowed: 'a workflow file in YAML',
      change: 'mend the file, or write it anew with `npx projen`',
    })),
  );
}

/** A job that runs a workflow of another file may sign in there, out of sight. */
function foreignJobs({ workflows }: Artefacts): readonly Fault[] {
  return workflows.flatMap(({ file, jobs, permissions }) =>
    jobs
      .filter((job) => job.uses !== undefined && mintsTokens(job.permissions ?? permissions))
      .map((job) => ({
        place: `${file}:${job.line} ${job.id}`,
        value: `uses ${job.uses ?? ''} with id-token: write`,
        allowed: 'jobs whose steps stand in the file',
        change: 'write the steps into the job, or take id-token away from it',
      })),
  );
}

function mintsTokens(permissions: unknown): boolean {
  if (permissions === 'write-all') return true;
  return typeof permissions === 'object' && permissions !== null && 'id-token' in permissions
    ? permissions['id-token'] === 'write'
    : false;
}
