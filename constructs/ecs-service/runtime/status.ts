import type { Service } from '@aws-sdk/client-ecs';
import type { PastDeployment, TargetStatus } from '../../../contract';
import { lastPart } from '../../aws-client';
import type { EcsServiceSpec, ServiceStrategy } from '../spec';
import type { EcsAccess } from './access';
import { ECS_STRATEGY, shiftsTraffic, strategyOf } from './deployment-configuration';
import { definitionArnOf } from './service-definition';
import { type DeploymentRecord, hasEnded, history, isStable, isUnderWay } from './service-deployments';
import { isAsleep, sleepingHours } from './sleep';
import { sharesSentence } from './traffic';
import { versionOf } from './version';

const HISTORY = 10;

/** What runs, and the last deployments with those that one can go back to. */
export async function status({ calls, spec, release }: EcsAccess): Promise<TargetStatus> {
  const service = await calls.service();
  const { declared, released, image } = await release.read();
  const records: DeploymentRecord[] = [];
  for await (const record of history(calls)) {
    records.push(record);
    if (records.length >= HISTORY) break;
  }
  const past: PastDeployment[] = [];
  for (const record of records) {
    if (record.taskDefinition === undefined) continue;
    past.push({
      version: await versionOf(calls, record.taskDefinition, spec.container),
      at: record.createdAt.toISOString(),
      status: record.status,
      stable: isStable(record, released),
    });
  }
  const [latest] = records;
  const changing = latest && isUnderWay(latest) ? latest.taskDefinition : undefined;
  const { desiredCount = 0, runningCount = 0, pendingCount = 0 } = service;
  return {
    ...(changing === undefined ? {} : { changingTo: await versionOf(calls, changing, spec.container) }),
    ...(runningCount > 0
      ? { running: await versionOf(calls, definitionArnOf(service), spec.container) }
      : {}),
    facts: [
      ['cluster', spec.cluster],
      ['service', `${spec.service} (${service.status ?? 'unknown'})`],
      ['tasks', `${runningCount} of ${desiredCount} run, ${pendingCount} pending`],
      ...(spec.sleep ? [sleepFact(spec, service)] : []),
      [
        'deployment',
        latest ? `${latest.status}${latest.statusReason ? `: ${latest.statusReason}` : ''}` : 'none',
      ],
      ...(latest ? trafficFact(latest) : []),
      ['strategy', strategyFact(spec.update.strategy, service)],
      ['declared', lastPart(declared)],
      ['released', released === undefined ? 'nothing yet' : lastPart(released)],
      ['released image', image ?? 'nothing yet'],
    ],
    history: past,
  };
}

/** Where the traffic goes while a deployment shifts it. */
function trafficFact(latest: DeploymentRecord): readonly (readonly [string, string])[] {
  if (hasEnded(latest) || latest.target === undefined || !shiftsTraffic(latest.strategy)) return [];
  return [['traffic', sharesSentence(latest.target, latest.sources)]];
}

function sleepFact(spec: EcsServiceSpec, service: Service): readonly [string, string] {
  const now = isAsleep(spec, service) ? ': it sleeps now, and a deployment wakes it' : '';
  return ['sleep', `${sleepingHours(spec)}${now}`];
}

/** A way back leaves its own strategy behind, and a manifest may be ahead of its stack. */
function strategyFact(declared: ServiceStrategy, service: Service): string {
  const now = strategyOf(service);
  return now === ECS_STRATEGY[declared] ? declared : `${declared} (the service is set up for ${now})`;
}
