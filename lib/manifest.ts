import {
  type DeployManifest,
  type Fault,
  type GpuCheckEntry,
  type ImageEntry,
  LockstepError,
  type Quality,
  type RoleEntry,
  SCHEMA_REVISION,
  type TargetEntry,
  type WorkloadEntry,
} from '../contract';
import { type Platform, rollbackEnvironmentOf, type Tests, type Workload } from './platform';
import { secretsOf } from './secrets';
import { refuseTokens } from './token-guard';

/** What the constructs say of themselves. */
export interface Described {
  readonly roles: readonly RoleEntry[];
  readonly images: readonly ImageEntry[];
  readonly targets: readonly TargetEntry[];
  readonly gpuChecks: readonly GpuCheckEntry[];
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
    workloads: platform.workloads.map(entryOf),
    targets: described.targets,
    gpuChecks: described.gpuChecks,
    secrets: secretsOf(platform),
  };
  refuseTokens(manifest, ([list, index]) => {
    const entries =
      list === 'roles' || list === 'images' || list === 'targets' || list === 'gpuChecks'
        ? manifest[list]
        : [];
    return entries[Number(index)]?.constructPath;
  });
  refuseDuplicates(described);
  return manifest;
}

function entryOf(workload: Workload): WorkloadEntry {
  const { id, tests, source } = workload;
  return {
    id,
    paths: workload.paths,
    ...(tests && { quality: qualityOf(tests, source) }),
    images: workload.images.map((image) => image.id),
    ...(workload.models && { models: { bucket: workload.models.bucket } }),
    delivery: workload.delivery,
    starts: workload.starts,
    rollbackByCommit: workload.rollbackByCommit,
    environments: workload.environments.map(({ name }) => name),
    releaseTags: workload.releaseTags,
    notices: workload.notices,
  };
}

function qualityOf(tests: Tests, source: string): Quality {
  const fromRoot = (path: string) => `${source}/${path}`;
  if (tests.language === 'go')
    return { language: 'go', version: tests.go, modules: tests.modules.map(fromRoot) };
  if (tests.language === 'node')
    return { language: 'node', version: tests.node, directory: source, scripts: tests.scripts };
  const { python, requirements, checks } = tests;
  return {
    language: 'python',
    version: python,
    directory: source,
    requirements: requirements.map(fromRoot),
    ...(checks && { checks: { ...checks, audited: checks.audited.map(fromRoot) } }),
  };
}

function refuseDuplicates(described: Described): void {
  const faults = (['roles', 'images', 'targets', 'gpuChecks'] as const).flatMap((list) => {
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
