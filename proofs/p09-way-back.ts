import type { Fault } from '../contract';
import type { Artefacts, Job } from './artefacts';
import { alarmFaults } from './calls/endpoint-alarms';
import { modelBucketFaults } from './calls/model-buckets';
import { queueFaults } from './flow/deployment-queue';
import { Deliveries, rollsBack, type TargetJob } from './flow/deliveries';
import { handOverFaults } from './flow/hand-over';
import { jobGraph } from './flow/job-graph';
import { keptImageFaults } from './flow/kept-images';
import { occurrencesOf } from './flow/occurrences';
import { placeOf } from './flow/place';
import { readinessFaults } from './flow/readiness';
import { simulationsOf } from './flow/simulation';
import { verdictFaults } from './flow/verdict';
import { nodeBucketKeeping } from './node/bucket';
import { nodeKeepingFaults, nodeRecoveryFaults } from './node/keeping';
import { serviceAlarmFaults } from './service/alarms';
import { trafficFaults } from './service/traffic';
import { verificationReachFaults } from './service/verification-reach';
import type { Proof } from './proof';

export const P09: Proof = {
  code: 'P09',
  name: 'way back',
  claim:
    'Each job that deploys has a job that rolls back exactly when that deployment failed, the alarms of an endpoint can undo an update while it is watched, those of a service see both versions and undo its deployment, ECS can move its traffic there and back, what asks a new version gets to it, deployments of a target wait for each other, and neither a model nor an image that was released goes away by itself. The data of a node outlives it, and what a run left in its bucket does not stay.',
  why: 'A deployment that failed and stays keeps users on a broken version; a rollback after a success, or of another environment, makes an incident of its own.',
  reads: [
    'needs, conditions, outputs and steps of the workflows, evaluated with the expression package of GitHub',
    'environments and targets of the manifest',
    'target groups, listeners, rules, alarms, security groups and functions of services in the templates',
    'alarms of endpoints, buckets of models and their policies, lifecycle rules of repositories, volumes, snapshots, alarms and buckets of nodes in the templates',
  ],
  limits:
    'That the rollback may make its calls is the claim of P04, and that it may sign in that of P02. A run that somebody cancels, or a job that GitHub stops, has no result `failure`: the next run takes the deployment up. Whether a threshold tells a bad version from a good one, nobody can read: it must lie within bounds. Alarms that a platform names besides those of its endpoints are not read. An administrator of the account may delete a model.',
  check: (artefacts) => {
    const { deployments } = Deliveries.of(artefacts);
    let checked = 0;
    const findings = deployments.flatMap((deployment) => {
      const ways = waysBack(artefacts, deployment);
      const verdict = verdictFaults(deployment);
      checked += 2;
      if (ways.length === 0) return [...verdict, withoutWayBack(artefacts, deployment)];
      const found = ways.flatMap((way) => {
        const timing = timingFaults(artefacts, deployment, way.job);
        checked += timing.checked + 4;
        return [
          ...timing.findings,
          ...verdictFaults(way),
          ...readinessFaults(artefacts, deployment, way),
          ...handOverFaults(deployment, way),
        ];
      });
      return [...verdict, ...found];
    });
    const alarms = alarmFaults(artefacts);
    const guards = [
      alarms,
      modelBucketFaults(artefacts),
      keptImageFaults(artefacts),
      nodeKeepingFaults(artefacts),
      nodeRecoveryFaults(artefacts),
      nodeBucketKeeping(artefacts),
      trafficFaults(artefacts),
      serviceAlarmFaults(artefacts),
      verificationReachFaults(artefacts),
    ];
    return {
      checked: guards.reduce((sum, part) => sum + part.checked, checked + 2 * deployments.length),
      findings: [...findings, ...queueFaults(artefacts), ...guards.flatMap((part) => part.findings)],
      ...(alarms.notes && { notes: alarms.notes }),
    };
  },
};

/** Jobs of the same workflow that need the deployment and roll the same target back. */
const waysBack = (artefacts: Artefacts, deployment: TargetJob): readonly TargetJob[] =>
  rollbacksAfter(artefacts, deployment).filter(
    (one) => one.use.workload === deployment.use.workload && one.environment === deployment.environment,
  );

const rollbacksAfter = (artefacts: Artefacts, { workflow, job }: TargetJob): readonly TargetJob[] =>
  Deliveries.of(artefacts)
    .in(workflow)
    .filter((one) => rollsBack(one) && one.job.needs.includes(job.id));

function withoutWayBack(artefacts: Artefacts, deployment: TargetJob): Fault {
  const { workflow, job, use, environment } = deployment;
  const found = rollbacksAfter(artefacts, deployment).map(
    (one) => `${one.job.id} rolls back ${one.use.workload ?? ''} in ${one.environment}`,
  );
  const target = `${use.workload ?? ''} in ${environment}`;
  return {
    place: placeOf(workflow, job),
    value: found.join('; ') || 'no job rolls back when it fails',
    allowed: `a job that needs ${job.id} and runs \`rollback\` for ${target}`,
    change: `add the rollback of ${target} after ${job.id}, or run \`npx projen\``,
  };
}

/** Holds each ending of the jobs before the rollback against whether the rollback starts. */
function timingFaults(
  { manifest }: Artefacts,
  { workflow, job }: TargetJob,
  back: Job,
): { readonly checked: number; readonly findings: readonly Fault[] } {
  const graph = jobGraph(workflow);
  if (graph.faults.length > 0) return { checked: 0, findings: [] };
  const findings = new Map<string, Fault>();
  let checked = 0;
  const add = (value: string): void => {
    if (findings.has(value)) return;
    findings.set(value, {
      place: placeOf(workflow, back),
      value,
      allowed: `it runs whenever ${job.id} failed, and never after a success or a deployment that was skipped`,
      change: `write \`if: failure() && needs.${job.id}.result == 'failure'\` and need ${job.id} alone`,
    });
  };
  for (const occurrence of occurrencesOf(workflow, manifest)) {
    const simulations = simulationsOf(graph, occurrence);
    if ('fault' in simulations) {
      add(`a condition that cannot be followed: it reads ${simulations.fault}`);
      continue;
    }
    for (const { results } of simulations.map((simulation) => simulation.endings(back))) {
      for (const ending of results) {
        checked += 1;
        const runs = ending[back.id] !== 'skipped';
        const failed = ending[job.id] === 'failure';
        if (failed && !runs) add(`it does not run although ${job.id} failed${besides(ending, job, back)}`);
        if (runs && (ending[job.id] === 'success' || ending[job.id] === 'skipped')) {
          add(`it runs although ${job.id} ended with ${ending[job.id] ?? ''}`);
        }
      }
    }
  }
  return { checked, findings: [...findings.values()] };
}

/** What else went wrong in that ending, for the message. */
function besides(ending: Readonly<Record<string, string>>, job: Job, back: Job): string {
  const others = back.needs.filter((id) => id !== job.id && ending[id] !== 'success');
  return others.length > 0
    ? ` while ${others.map((id) => `${id} ended with ${ending[id] ?? ''}`).join(', ')}`
    : '';
}
