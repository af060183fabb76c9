import type {
  AwsCall,
  DeployManifest,
  NoticeEntry,
  RoleEntry,
  SecretEntry,
  TargetEntry,
  WorkloadEntry,
} from '../../contract';
import { dangling, entry } from './entry';

/** Who is told how a deployment to one environment ended. */
export interface Notices {
  /** GitHub environment of the jobs that tell them: it holds the secrets, and waits for nobody. */
  readonly environment: string;
  /** What channels are reached by. */
  readonly secrets: readonly SecretEntry[];
  /** How subscribers of mail are reached. @default - there are none */
  readonly postbox?: { readonly role: RoleEntry; readonly calls: readonly AwsCall[] };
}

/**
 * The notices of a target, if its workload has any.
 *
 * @param environment GitHub environment of the jobs that tell people
 * @throws LockstepError `DanglingReference`
 */
export function resolveNotices(
  manifest: DeployManifest,
  { id, notices }: WorkloadEntry,
  { id: target, postbox }: TargetEntry,
  environment: string,
): Notices | undefined {
  const mail = notices.some(({ channel }) => channel === 'email');
  if (mail && !postbox)
    throw dangling(`workload ${id}, notices`, 'email', `targets with a postbox; ${target} has none`);
  if (!mail && postbox)
    throw dangling(`target ${target}, postbox`, 'a postbox', `notices of ${id} with the channel email`);
  if (notices.length === 0) return undefined;
  const place = `workload ${id}, notices`;
  return {
    environment,
    secrets: notices.flatMap((notice) => secretOf(manifest, notice, place, environment)),
    ...(postbox && {
      postbox: {
        role: entry(manifest.roles, postbox.role, `target ${target}, postbox.role`),
        calls: postbox.calls,
      },
    }),
  };
}

function secretOf(
  { secrets }: DeployManifest,
  notice: NoticeEntry,
  place: string,
  environment: string,
): readonly SecretEntry[] {
  if (notice.channel === 'email') return [];
  const secret = entry(
    secrets.map((candidate) => ({ ...candidate, id: candidate.name })),
    notice.secret,
    `${place}, ${notice.channel}`,
  );
  if (secret.environments.length === 0 || secret.environments.includes(environment)) return [secret];
  throw dangling(
    `${place}, ${notice.channel}`,
    `${secret.name} of ${secret.environments.join(', ')}`,
    `a secret that the environment ${environment} holds too`,
  );
}
