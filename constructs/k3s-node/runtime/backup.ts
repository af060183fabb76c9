import type { Backup, DeployContext } from '../../../contract';
import type { NodeAccess } from './access';
import { followToEnd, requireDone, start } from './run';

const BACKUP_SECONDS = 1_800;

/** Copies K3s's database and token to the bucket. */
export async function backup(access: NodeAccess, context: DeployContext): Promise<Backup> {
  const sent = await start(access, { action: 'backup', deadlineSeconds: BACKUP_SECONDS }, context);
  const { end } = await followToEnd(access, sent, context, () => Promise.resolve());
  requireDone(end, 'backup');
  return { location: `s3://${access.spec.bucket}/backups/${sent.run}.tar.gz` };
}
