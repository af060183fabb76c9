import {
  type AwsCall,
  type DeployManifest,
  type EnvironmentEntry,
  LockstepError,
  type RoleEntry,
  type TargetEntry,
  type WorkloadEntry,
} from '../../contract';
import { dangling, entry } from './entry';
import { type ResolvedImage, resolveImages } from './images';
import { type Notices, resolveNotices } from './notices';

/** A workload with everything that the manifest says about it. */
export interface ResolvedWorkload {
  readonly manifest: DeployManifest;
  readonly workload: WorkloadEntry;
  /** One or more, in the order of the workload. */
  readonly images: readonly ResolvedImage[];
  /** In the order of delivery. */
  readonly stages: readonly Stage[];
}

/** One environment of a workload. */
export interface Stage {
  readonly environment: EnvironmentEntry;
  readonly target: TargetEntry;
  /** How people and pushes come in: with the protection of the environment. */
  readonly entrance: Entrance;
  /** How an automatic rollback comes in: it waits for nobody. */
  readonly wayBack: Entrance;
  /** How jobs without environment look at what is there. @default - they cannot */
  readonly inspection?: Inspection;
  /** Who is told how a deployment ended. @default - nobody */
  readonly notices?: Notices;
}

export interface Inspection {
  readonly role: RoleEntry;
  /** Calls that read what is deployed of the target's stacks. */
  readonly calls: readonly AwsCall[];
}

/** GitHub environment that a job names, and the role that trusts it. */
export interface Entrance {
  readonly environment: string;
  readonly role: RoleEntry;
}

/** @throws LockstepError `DanglingReference`, `DuplicateEntry` */
export function resolveWorkload(manifest: DeployManifest, workload: WorkloadEntry): ResolvedWorkload {
  return {
    manifest,
    workload,
    images: resolveImages(manifest, workload),
    stages: workload.environments.map((name) => resolveStage(manifest, workload, name)),
  };
}

function resolveStage(manifest: DeployManifest, workload: WorkloadEntry, name: string): Stage {
  const targets = manifest.targets.filter(
    (target) => target.workload === workload.id && target.environment === name,
  );
  const [target, second] = targets;
  if (!target) throw dangling(`workload ${workload.id}, environments`, name, 'an environment with a target');
  if (second) {
    throw new LockstepError('DuplicateEntry', {
      place: `workload ${workload.id} in ${name}`,
      value: `${target.constructPath} and ${second.constructPath}`,
      allowed: 'one target for each workload and environment',
      change: 'make the second one a workload of its own',
    });
  }
  refuseOtherImages(workload, target);
  const environments = manifest.environments.map((candidate) => ({ ...candidate, id: candidate.name }));
  const environment = entry(environments, name, `workload ${workload.id}, environments`);
  const notices = resolveNotices(manifest, workload, target, environment.rollbackEnvironment);
  return {
    environment,
    target,
    entrance: {
      environment: environment.name,
      role: entry(manifest.roles, target.deployRole, `target ${target.id}, deployRole`),
    },
    wayBack: {
      environment: environment.rollbackEnvironment,
      role: entry(manifest.roles, target.rollbackRole, `target ${target.id}, rollbackRole`),
    },
    ...(target.inspection && {
      inspection: {
        role: entry(manifest.roles, target.inspection.role, `target ${target.id}, inspection.role`),
        calls: target.inspection.calls,
      },
    }),
    ...(notices && { notices }),
  };
}

/**
 * How to look at the stage.
 *
 * @throws LockstepError `DanglingReference` when it may not be looked at
 */
export function inspectionOf({ target, inspection }: Stage): Inspection {
  if (inspection) return inspection;
  throw dangling(`target ${target.id}, inspection`, 'nothing', 'a role that may look at it');
}

/** A deployment names each image of the workload once, and the target takes no other. */
function refuseOtherImages({ id, images }: WorkloadEntry, target: TargetEntry): void {
  const named = (ids: readonly string[]): string => [...ids].sort().join(', ');
  if (named(images) === named(target.images)) return;
  throw dangling(
    `target ${target.id}, images`,
    named(target.images),
    `${named(images)}, the images of workload ${id}`,
  );
}
