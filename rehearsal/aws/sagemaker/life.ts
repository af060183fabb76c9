import { type Moment, secondsSince } from './moment';
import { lacksCapacity, NO_CAPACITY, provision } from './provisioning';
import type { DeploymentState, EndpointState, Phase } from './state';

/**
 * One second of an endpoint.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails.html
 */
export function live(moment: Moment, endpoint: EndpointState): void {
  if (endpoint.status === 'Deleting') return remove(moment, endpoint);
  const { deployment } = endpoint;
  if (!deployment) return;
  const { phase, plan, startedAt } = deployment;
  const isLate = plan.limit !== undefined && secondsSince(moment, startedAt) >= plan.limit;
  if (isLate && phase.kind !== 'rollingBack') {
    return fail(moment, endpoint, deployment, lateness(moment, endpoint, deployment));
  }
  if (phase.kind === 'provisioning') return waitForInstances(moment, endpoint, deployment, phase);
  if (phase.kind === 'baking') return bake(moment, endpoint, deployment, phase);
  if (phase.kind === 'terminating') {
    if (secondsSince(moment, phase.since) >= plan.terminationWait) succeed(moment, endpoint, deployment);
    return;
  }
  returnToOldFleet(moment, endpoint, deployment, phase);
}

/** AWS's pages name no words for it. Where instances were waited for, that is the cause. */
const lateness = (
  moment: Moment,
  endpoint: EndpointState,
  { phase, fleet, plan }: DeploymentState,
): string =>
  phase.kind === 'provisioning' && lacksCapacity(moment, endpoint, fleet)
    ? NO_CAPACITY
    : `Deployment exceeded its time limit of ${plan.limit} seconds.`;

function remove(moment: Moment, endpoint: EndpointState): void {
  const { state } = moment;
  if (secondsSince(moment, endpoint.modifiedAt) < state.timing.deletesWithin) return;
  state.endpoints = state.endpoints.filter((each) => each !== endpoint);
}

function waitForInstances(
  moment: Moment,
  endpoint: EndpointState,
  deployment: DeploymentState,
  { since }: Phase,
): void {
  const progress = provision(moment, endpoint, deployment.fleet, since);
  if (progress === 'underWay') return;
  if (progress !== 'ready') return fail(moment, endpoint, deployment, progress.failed);
  if (endpoint.status === 'Creating') return succeed(moment, endpoint, deployment);
  shift(moment, deployment);
}

/** The next part of the traffic goes to the new fleet. */
function shift({ now }: Moment, deployment: DeploymentState): void {
  deployment.traffic = deployment.plan.shifts[deployment.baked] ?? 100;
  deployment.phase = { kind: 'baking', since: now };
}

/**
 * Alarms are watched while it bakes. One that rang before the update counts too: the guide warns of alarms that the
 * old fleet sets off.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/deployment-guardrails-configuration.html
 */
function bake(moment: Moment, endpoint: EndpointState, deployment: DeploymentState, { since }: Phase): void {
  const { plan } = deployment;
  const alarm = plan.bake > 0 ? alarmFault(moment, endpoint, deployment) : undefined;
  if (alarm !== undefined) return fail(moment, endpoint, deployment, alarm);
  if (secondsSince(moment, since) < plan.bake) return;
  deployment.baked += 1;
  if (deployment.baked === plan.shifts.length) {
    deployment.phase = { kind: 'terminating', since: moment.now };
  } else if (plan.rolling) {
    deployment.phase = { kind: 'provisioning', since: moment.now };
  } else shift(moment, deployment);
}

/** AWS's pages name no words for either. */
function alarmFault(
  { ports }: Moment,
  { account, region }: EndpointState,
  { plan, fleet }: DeploymentState,
): string | undefined {
  const place = { account, region };
  const role = fleet.variants[0]?.executionRole ?? '';
  const hidden = plan.alarms.find((name) => !ports.sources.mayReadAlarm(name, role, place));
  if (hidden !== undefined) {
    return `Role "${role}" is not authorized to perform: cloudwatch:DescribeAlarms on alarm ${hidden}.`;
  }
  const ringing = plan.alarms.filter((name) => ports.alarms.inAlarm(account, region, name));
  return ringing.length > 0
    ? `Deployment was rolled back: alarm ${ringing.join(', ')} is in ALARM.`
    : undefined;
}

/**
 * A new endpoint has failed for good; one that is updated goes back.
 *
 * @param reason missing where SageMaker tells nobody
 */
export function fail(
  moment: Moment,
  endpoint: EndpointState,
  deployment: DeploymentState,
  reason: string | undefined,
): void {
  if (endpoint.status === 'Creating') {
    return end(moment, endpoint, { status: 'Failed', ...(reason !== undefined && { reason }) });
  }
  deployment.phase = { kind: 'rollingBack', since: moment.now };
  if (reason !== undefined) deployment.reason = reason;
  if (!deployment.plan.rolling) deployment.traffic = 0;
  endpoint.status = 'RollingBack';
}

/**
 * Blue/green: the old fleet is still whole. Rolling: what was terminated must come back, and where it cannot the
 * endpoint serves with a mix of both.
 */
function returnToOldFleet(
  moment: Moment,
  endpoint: EndpointState,
  deployment: DeploymentState,
  { since }: Phase,
): void {
  const { timing } = moment.state;
  const { plan, baked, fleet, traffic, reason } = deployment;
  const told = reason === undefined ? {} : { reason };
  const gaveUpInstances = plan.rolling && baked > 0;
  const step = gaveUpInstances ? timing.provisionsWithin + timing.startsWithin : timing.rollsBackWithin;
  if (secondsSince(moment, since) < step * (gaveUpInstances ? plan.stepsBack : 1)) return;
  if (gaveUpInstances && endpoint.fleet && lacksCapacity(moment, endpoint, endpoint.fleet)) {
    endpoint.stranded = { fleet, traffic };
    return end(moment, endpoint, { status: 'UpdateRollbackFailed', ...told });
  }
  end(moment, endpoint, { status: 'InService', ...told });
}

function succeed(moment: Moment, endpoint: EndpointState, { fleet }: DeploymentState): void {
  endpoint.fleet = fleet;
  endpoint.config = fleet.config;
  endpoint.served = [fleet.config, ...endpoint.served.filter((each) => each !== fleet.config)];
  delete endpoint.stranded;
  end(moment, endpoint, { status: 'InService' });
}

function end(
  { now }: Moment,
  endpoint: EndpointState,
  { status, reason }: { readonly status: EndpointState['status']; readonly reason?: string },
): void {
  endpoint.status = status;
  endpoint.modifiedAt = now;
  delete endpoint.deployment;
  delete endpoint.failureReason;
  if (reason !== undefined) endpoint.failureReason = reason;
}
