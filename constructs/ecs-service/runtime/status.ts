import type { PastDeployment, TargetStatus } from '../../../contract';
import { lastPart } from '../../aws-client';
import type { EcsAccess } from './access';
import { definitionArnOf } from './service-definition';
import { type DeploymentRecord, history, isStable, isUnderWay } from './service-deployments';
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
      [
        'deployment',
        latest ? `${latest.status}${latest.statusReason ? `: ${latest.statusReason}` : ''}` : 'none',
      ],
      ['declared', lastPart(declared)],
      ['released', released === undefined ? 'nothing yet' : lastPart(released)],
      ['released image', image ?? 'nothing yet'],
    ],
    history: past,
  };
}
