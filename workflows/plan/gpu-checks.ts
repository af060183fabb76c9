import {
  type DeployManifest,
  type GpuCheckEntry,
  LockstepError,
  type RoleEntry,
  type WorkloadEntry,
} from '../../contract';
import { entry } from './entry';

/** A GPU check with everything that the manifest says about it. */
export interface ResolvedGpuCheck {
  readonly check: GpuCheckEntry;
  readonly role: RoleEntry;
}

/**
 * The GPU check of a workload, if it has one.
 *
 * @throws LockstepError `DanglingReference`, `DuplicateEntry`
 */
export function resolveGpuCheck(
  manifest: DeployManifest,
  workload: WorkloadEntry,
): ResolvedGpuCheck | undefined {
  const [check, second] = manifest.gpuChecks.filter((candidate) => candidate.workload === workload.id);
  if (!check) return undefined;
  if (second) {
    throw new LockstepError('DuplicateEntry', {
      place: `workload ${workload.id}, gpuChecks`,
      value: `${check.constructPath} and ${second.constructPath}`,
      allowed: 'one GPU check for each workload, whose workflow file bears its name',
      change: 'put the versions of both into one matrix',
    });
  }
  const place = `GPU check ${check.id}`;
  entry(
    manifest.environments.map(({ name }) => ({ id: name })),
    check.environment,
    `${place}, environment`,
  );
  return { check, role: entry(manifest.roles, check.role, `${place}, role`) };
}
