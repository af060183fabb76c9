import {
  type DeployManifest,
  type Fault,
  type ImageEntry,
  LockstepError,
  type RoleEntry,
  SCHEMA_REVISION,
  type TargetEntry,
} from '../contract';
import { type Platform, rollbackEnvironmentOf } from './platform';
import { refuseTokens } from './token-guard';

/** What the constructs say of themselves. */
export interface Described {
  readonly roles: readonly RoleEntry[];
  readonly images: readonly ImageEntry[];
  readonly targets: readonly TargetEntry[];
}

/**
 * The manifest of a platform. This is the one exit of infrastructure towards workflows and proofs.
 *
 * @throws LockstepError `TokenInManifest`, `DuplicateEntry`
 */
export function manifestOf(platform: Platform, described: Described): DeployManifest {
  const manifest: DeployManifest = {
    schemaRevision: SCHEMA_REVISION,
    platform: platform.name,
    repository: platform.repository,
    environments: platform.environments.map((environment) => ({
      name: environment.name,
      account: environment.account,
      rollbackEnvironment: rollbackEnvironmentOf(environment),
      protection: {
        reviewers: environment.reviewers,
        waitMinutes: environment.waitMinutes,
        branches: environment.branches,
        tags: environment.tags,
      },
    })),
    roles: described.roles,
    images: described.images,
    workloads: platform.workloads.map((workload) => ({
      id: workload.id,
      paths: workload.paths,
      ...(workload.tests && {
        quality: {
          language: 'python' as const,
          version: workload.tests.python,
          directory: workload.source,
          requirements: workload.tests.requirements.map((file) => `${workload.source}/${file}`),
        },
      }),
      image: workload.id,
      environments: workload.environments.map(({ name }) => name),
      releaseTags: workload.releaseTags,
    })),
    targets: described.targets,
  };
  refuseTokens(manifest, ([list, index]) => {
    const entries = list === 'roles' || list === 'images' || list === 'targets' ? manifest[list] : [];
    return entries[Number(index)]?.constructPath;
  });
  refuseDuplicates(described);
  return manifest;
}

function refuseDuplicates(described: Described): void {
  const faults = (['roles', 'images', 'targets'] as const).flatMap((list) => {
    const entries: readonly { readonly id: string; readonly constructPath: string }[] = described[list];
    return entries.flatMap(({ id, constructPath }, index): Fault[] => {
      const first = entries.find((entry) => entry.id === id);
      if (!first || entries.indexOf(first) === index) return [];
      return [
        {
          place: `${list} of the manifest`,
          value: `id "${id}" at ${first.constructPath} and at ${constructPath}`,
          allowed: 'each id once',
          change: 'rename one of the workloads or environments',
        },
      ];
    });
  });
  if (faults.length > 0) throw new LockstepError('DuplicateEntry', faults);
}
