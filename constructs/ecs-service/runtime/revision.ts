import type { TaskDefinition } from '@aws-sdk/client-ecs';
import { LockstepError } from '../../../contract';
import { lastPart } from '../../aws-client';
import type { EcsAccess } from './access';
import { requireField } from './service-calls';
import { history, isStable } from './service-deployments';

const LISTED = 5;

/**
 * Task definition of a revision that was named: `7`, `family:7` or the whole ARN.
 *
 * @param place option that named it, for the message
 * @throws LockstepError `UnknownRevision`, with the stable revisions that there are
 */
export async function findRevision(access: EcsAccess, text: string, place: string): Promise<TaskDefinition> {
  const { calls, spec } = access;
  const family = spec.taskDefinitionFamily;
  const name = /^\d+$/.test(text) ? `${family}:${text}` : text;
  const isOfFamily = new RegExp(`^${escape(family)}:\\d+$`).test(lastPart(name));
  const definition = isOfFamily ? await calls.taskDefinition(name) : undefined;
  if (definition?.taskDefinitionArn !== undefined && definition.family === family) return definition;
  const stable = await stableRevisions(access, LISTED);
  throw new LockstepError('UnknownRevision', {
    place,
    value: JSON.stringify(text),
    allowed: `a revision of ${family}; stable ones: ${stable.join(', ') || '(none)'}`,
    change: 'name one of these, for instance the first',
  });
}

/**
 * ARN of the revision to go back to.
 *
 * @throws LockstepError `UnknownRevision` or `InactiveRevision`
 */
export async function findDeployableRevision(access: EcsAccess, text: string): Promise<string> {
  const definition = await findRevision(access, text, '--revision');
  const arn = requireArn(definition);
  if (definition.status === 'ACTIVE') return arn;
  throw new LockstepError('InactiveRevision', {
    place: '--revision',
    value: `${lastPart(arn)}, which was deregistered`,
    allowed: 'a revision that ECS can start',
    change: 'run the workflow that deploys here, for the commit that is wanted',
  });
}

export const requireArn = ({ taskDefinitionArn }: TaskDefinition): string =>
  requireField('ecs:DescribeTaskDefinition', 'taskDefinitionArn', taskDefinitionArn);

async function stableRevisions({ calls, release }: EcsAccess, limit: number): Promise<readonly string[]> {
  const { released } = await release.read();
  const names = new Set<string>();
  for await (const record of history(calls, 'SUCCESSFUL')) {
    if (isStable(record, released)) names.add(lastPart(record.taskDefinition ?? ''));
    if (names.size >= limit) break;
  }
  return [...names];
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
