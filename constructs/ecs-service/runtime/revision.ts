import { LockstepError } from '../../../contract';
import type { EcsAccess } from './access';
import { history, isStable } from './service-deployments';
import { versionName } from './version';

const LISTED = 5;

/**
 * Task definition ARN of a revision that a person named: `7`, `family:7` or the whole ARN.
 *
 * @throws LockstepError `UnknownRevision`, with the stable revisions that there are
 */
export async function findRevision(access: EcsAccess, text: string): Promise<string> {
  const { calls, spec } = access;
  const family = spec.taskDefinitionFamily;
  const name = /^\d+$/.test(text) ? `${family}:${text}` : text;
  const isOfFamily = new RegExp(`^${escape(family)}:\\d+$`).test(versionName(name));
  const definition = isOfFamily ? await calls.taskDefinition(name) : undefined;
  if (definition?.taskDefinitionArn !== undefined && definition.family === family) {
    return definition.taskDefinitionArn;
  }
  const stable = await stableRevisions(access, LISTED);
  throw new LockstepError('UnknownRevision', {
    place: '--revision',
    value: JSON.stringify(text),
    allowed: `a revision of ${family}; stable ones: ${stable.join(', ') || '(none)'}`,
    change: 'name one of these, for instance the first',
  });
}

async function stableRevisions({ calls, release }: EcsAccess, limit: number): Promise<readonly string[]> {
  const { released } = await release.read();
  const names = new Set<string>();
  for await (const record of history(calls, 'SUCCESSFUL')) {
    if (isStable(record, released)) names.add(versionName(record.taskDefinition ?? ''));
    if (names.size >= limit) break;
  }
  return [...names];
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
