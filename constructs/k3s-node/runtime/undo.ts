import type { DeployContext, DeployOutcome, Version } from '../../../contract';
import type { NodeAccess } from './access';
import { runOnNode, sentenceOf } from './run';

/** The job that deploys has so much time left; where it is not enough, the job that rolls back takes its own. */
const UNDONE_WITHIN_SECONDS = 420;

type Failed = Extract<DeployOutcome, { result: 'failed' }>;

export const failed = (reason: Failed['reason'], message: string, running?: Version): Failed => ({
  result: 'failed',
  reason,
  message,
  ...(running === undefined ? {} : { running }),
});

/** Brings back what ran before, at once: a version that was found bad has traffic. */
export async function undo(
  access: NodeAccess,
  version: Version,
  previous: Version | undefined,
  why: string,
  context: DeployContext,
): Promise<DeployOutcome> {
  context.emit({
    code: 'deployment.undoing',
    level: 'warning',
    message: `${version.name} is undone: ${why}`,
    data: { release: version.name, previous: previous?.name },
  });
  const end = await runOnNode(
    access,
    { action: 'undo', release: version.name, deadlineSeconds: UNDONE_WITHIN_SECONDS },
    context,
  );
  if (end.result === 'done') return failed('undone', why, previous);
  if (end.result === 'left') return failed('superseded', `${why}; ${sentenceOf(end)}`);
  return failed('failed', `${why}; and undoing it failed: ${sentenceOf(end)}`);
}
