import type { PastDeployment, TargetStatus } from '../../../contract';
import type { EndpointAccess } from './access';
import { headingOf, isServing, isUnderWay } from './endpoint';
import { versionOf } from './version';

const HISTORY = 10;

/** What serves, and the releases that one can go back to. */
export async function status({ calls, spec, release }: EndpointAccess): Promise<TargetStatus> {
  const endpoint = await calls.endpoint();
  const { declared, config, image, model } = await release.read();
  const past: PastDeployment[] = [];
  for (const { config: name, at } of (await release.history()).slice(0, HISTORY)) {
    const kept = (await calls.config(name)) !== undefined;
    past.push({
      version: await versionOf(calls, name),
      ...(at === undefined ? {} : { at: at.toISOString() }),
      status: kept ? 'released' : 'deleted',
      stable: kept,
    });
  }
  const serves = endpoint && (isServing(endpoint) || endpoint.status === 'Updating');
  const heading = endpoint && isUnderWay(endpoint) ? headingOf(endpoint) : undefined;
  return {
    ...(heading === undefined ? {} : { changingTo: await versionOf(calls, heading) }),
    ...(serves ? { running: await versionOf(calls, endpoint.config) } : {}),
    facts: [
      ['endpoint', `${spec.endpoint} (${endpoint?.status ?? 'not made yet'})`],
      [
        'instances',
        endpoint
          ? `${endpoint.instances.current} of ${endpoint.instances.desired}, ${declared.instanceType}`
          : 'none',
      ],
      ...(endpoint?.pending === undefined ? [] : [['update', `to ${endpoint.pending}`] as const]),
      ...(endpoint?.failureReason === undefined ? [] : [['last failure', endpoint.failureReason] as const]),
      ['released', config ?? 'nothing yet'],
      ['released image', image ?? 'nothing yet'],
      ['released model', model ?? 'nothing yet'],
    ],
    history: past,
  };
}
