import type { Fault } from '../contract';
import type { Artefacts, Job, Step, TemplateRole, Workflow } from './artefacts';
import { endpointTimes } from './calls/endpoint-times';
import { longestWait } from './flow/commands';
import { Deliveries, type TargetJob } from './flow/deliveries';
import { placeOf } from './flow/place';
import { checkTimes } from './gpu-check/times';
import { nodeTimes } from './node/times';
import { serviceTimes } from './service/times';
import type { Proof } from './proof';

const SIGN_IN = 'aws-actions/configure-aws-credentials';
const TIMEOUT = 'timeout-minutes';
const ROLLBACK = 'rollback';
/** What the action asks for when a step does not say. */
const DEFAULT_SECONDS = 3600;
/** Shortest and longest session that AWS gives. */
const SHORTEST_SECONDS = 900;
const LONGEST_SECONDS = 43_200;

/** @see https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html */
export const P07: Proof = {
  code: 'P07',
  name: 'session',
  claim:
    'Each session lasts as long as its job may run, and each job and step as long as the longest wait inside it. SageMaker gives up an update before the command does, the traffic of a service has moved and its old tasks have waited before its deadline, what verifies it answers in time, and the script of a node ends before. The job of a GPU check outlives its task.',
  why: 'A session that ends in the middle leaves a deployment that nobody follows; a job that is stopped in the middle leaves one that nobody rolls back.',
  reads: [
    'MaxSessionDuration in the templates',
    'role-duration-seconds and timeout-minutes in the workflows',
    'deployTimeoutMinutes, settleMinutes and taskTimeoutMinutes in the manifest, and times in the specs of endpoints, services and nodes',
    'timeouts of the documents of nodes and the functions of services in the templates',
  ],
  limits:
    'Waits are those of the pipeline command. How long actions and other scripts take is not known; the timeout of their job ends them.',
  check: (artefacts) => {
    const times = endpointTimes(artefacts);
    const nodes = nodeTimes(artefacts);
    const shifts = serviceTimes(artefacts);
    const checks = checkTimes(artefacts);
    const found: Fault[] = [...times.findings, ...nodes.findings, ...shifts.findings, ...checks.findings];
    const notes: string[] = [];
    const waits = waitsOf(artefacts);
    const roles = new Map(artefacts.roles.map((role) => [role.arn, role]));
    const bounded = Deliveries.of(artefacts).all.filter(({ use }) => use.step.raw[TIMEOUT] !== undefined);
    found.push(...bounded.flatMap(stepTimeoutFaults));
    let checked = bounded.length + times.checked + nodes.checked + shifts.checked + checks.checked;
    for (const workflow of artefacts.workflows) {
      for (const job of workflow.jobs) {
        if (job.uses !== undefined) {
          notes.push(`${placeOf(workflow, job)} calls another workflow, which sets the timeouts itself`);
          continue;
        }
        const sessions = job.steps.filter(({ uses }) => uses?.action === SIGN_IN);
        checked += 1 + sessions.length * 2 + (waits.has(job) ? 1 : 0);
        found.push(
          ...timeoutFaults(workflow, job, waits.get(job)),
          ...sessions.flatMap((step) => sessionFaults(roles, workflow, job, step)),
        );
      }
    }
    return { checked, findings: found, notes };
  },
};

/** The longest wait of each job that works on a target, in minutes, and what it is made of. */
function waitsOf(artefacts: Artefacts): ReadonlyMap<Job, Wait> {
  const deliveries = Deliveries.of(artefacts);
  const waits = new Map<Job, Wait>();
  for (const { job, use, target } of deliveries.all) {
    if (!target) continue;
    const minutes = longestWait(use, target);
    const before = waits.get(job) ?? { minutes: 0, verbs: [], deployTimeoutMinutes: 0 };
    // Where people may name a commit, a run goes back by it or by a revision; that it never does both is the claim of P08.
    const isOther =
      use.verb === ROLLBACK &&
      deliveries.workloadOf(use)?.rollbackByCommit === true &&
      before.verbs.includes(ROLLBACK);
    waits.set(job, {
      minutes: isOther ? Math.max(before.minutes, minutes) : before.minutes + minutes,
      verbs: minutes > 0 && !isOther ? [...before.verbs, use.verb] : before.verbs,
      deployTimeoutMinutes: target.deployTimeoutMinutes,
    });
  }
  return waits;
}

/** A step may be given less time than its job, and less than its command waits. */
function stepTimeoutFaults({ workflow, job, use, target }: TargetJob): Fault[] {
  if (!target) return [];
  const given = use.step.raw[TIMEOUT];
  const minutes = longestWait(use, target);
  if (typeof given === 'number' && given >= minutes) return [];
  return [
    {
      place: placeOf(workflow, job, use.step),
      value: `${TIMEOUT}: ${String(given)}`,
      allowed: `at least ${minutes} minutes: ${use.verb} may wait that long with a deployment timeout of ${target.deployTimeoutMinutes} minutes`,
      change: `remove ${TIMEOUT} from the step: that of ${job.id} ends it too`,
    },
  ];
}

interface Wait {
  readonly minutes: number;
  readonly verbs: readonly string[];
  readonly deployTimeoutMinutes: number;
}

function timeoutFaults(workflow: Workflow, job: Job, wait: Wait | undefined): Fault[] {
  const { timeoutMinutes } = job;
  if (timeoutMinutes === undefined) {
    return [
      {
        place: placeOf(workflow, job),
        value:
          job.raw['timeout-minutes'] === undefined ? 'no timeout-minutes' : 'a timeout that is no number',
        allowed: `a number of minutes${wait ? `, at least ${wait.minutes}` : ''}; GitHub stops the job after six hours otherwise`,
        change: `write \`timeout-minutes\` into the job ${job.id}`,
      },
    ];
  }
  if (!wait || timeoutMinutes >= wait.minutes) return [];
  const { minutes, verbs, deployTimeoutMinutes } = wait;
  return [
    {
      place: placeOf(workflow, job),
      value: `timeout-minutes: ${timeoutMinutes}`,
      allowed: `at least ${minutes} minutes: ${verbs.join(' and ')} may wait that long with a deployment timeout of ${deployTimeoutMinutes} minutes`,
      change: `raise timeout-minutes of ${job.id} to ${minutes} and its session with it, or shorten deployTimeout in the platform file`,
    },
  ];
}

function sessionFaults(
  roles: ReadonlyMap<string, TemplateRole>,
  workflow: Workflow,
  job: Job,
  step: Step,
): Fault[] {
  const place = placeOf(workflow, job, step);
  const given = step.with['role-duration-seconds'];
  const seconds = given === undefined ? DEFAULT_SECONDS : Number(given);
  const said =
    given === undefined ? `no role-duration-seconds, so ${seconds}` : `role-duration-seconds: ${given}`;
  if (!Number.isInteger(seconds) || seconds < SHORTEST_SECONDS || seconds > LONGEST_SECONDS) {
    const allowed = `a whole number from ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}, the bounds of AWS`;
    return [{ place, value: said, allowed, change: 'write the seconds that the job may run' }];
  }
  const faults: Fault[] = [];
  const jobSeconds = (job.timeoutMinutes ?? 0) * 60;
  if (seconds < jobSeconds) {
    faults.push({
      place,
      value: said,
      allowed: `at least ${jobSeconds}, the ${job.timeoutMinutes ?? 0} minutes that the job may run`,
      change: `set role-duration-seconds to ${jobSeconds}, or lower timeout-minutes of ${job.id} to ${Math.floor(seconds / 60)}`,
    });
  }
  const arn = step.with['role-to-assume'] ?? '';
  const role = roles.get(arn);
  if (!role) {
    faults.push({
      place,
      value: `role-to-assume: ${arn || 'nothing'}`,
      allowed: 'the ARN of a role that a template makes, so that its longest session is known',
      change: 'name one of the roles of the stacks, or remove the step',
    });
  } else if (!(seconds <= role.maxSessionSeconds)) {
    faults.push({
      place: role.place,
      value: `MaxSessionDuration ${role.maxSessionSeconds}`,
      allowed: `at least ${seconds}, which ${place} asks for`,
      change: `raise the longest session of ${role.name} to ${seconds} seconds, or ask for less`,
    });
  }
  return faults;
}
