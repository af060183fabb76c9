import type { CellResult } from '../../constructs/gpu-check/runtime';
import { type GpuCheckSpec, parseGpuCheckSpec } from '../../constructs/gpu-check/spec';
import type { GpuCheckEntry } from '../../contract/gpu-check';
import { type CellStatus, countsOf, type ReportedCell, reportedCells, strangers } from './cells';
import { type KnownProblem, knownProblems } from './known-problems';
import { type Reviewed, reviewedOf } from './reviewed';

/** A file among the results that is none. */
export interface UnreadResult {
  readonly path: string;
  readonly why: string;
}

/** What the report is made of. */
export interface ReportInput {
  readonly entry: GpuCheckEntry;
  readonly results: readonly CellResult[];
  readonly unread: readonly UnreadResult[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly commit?: string;
}

/** The settings of ECS under which tasks run. */
export type EcsSettings = Pick<
  GpuCheckSpec,
  'cluster' | 'capacityProviders' | 'hostImage' | 'taskDefinitionFamily' | 'container' | 'task' | 'logGroup'
>;

/** The compatibility report, as `report.json` has it. */
export interface CompatibilityReport {
  readonly revision: 1;
  readonly workload: string;
  readonly environment: string;
  readonly region: string;
  /** ISO 8601. */
  readonly generatedAt: string;
  readonly commit?: string;
  readonly instanceTypes: GpuCheckEntry['instanceTypes'];
  /** EC2 types that tasks ran on. */
  readonly usedInstanceTypes: readonly string[];
  readonly counts: Readonly<Record<CellStatus, number>>;
  /** Every combination of the axes once. */
  readonly cells: readonly ReportedCell[];
  /** Results of combinations that the axes do not have. */
  readonly strangers: readonly CellResult[];
  readonly unread: readonly UnreadResult[];
  /** Images that those of the combinations were built from. */
  readonly baseImages: readonly string[];
  readonly axes: Readonly<Record<'cuda' | 'driver' | 'pytorch', readonly string[]>>;
  readonly exclusions: GpuCheckEntry['matrix']['exclude'];
  readonly reviewed: Reviewed;
  readonly ecs: EcsSettings;
  readonly knownProblems: readonly KnownProblem[];
}

/** @throws LockstepError `InvalidSpec` */
export function compatibilityReport({
  entry,
  results,
  unread,
  now,
  commit,
}: ReportInput): CompatibilityReport {
  const { matrix } = entry;
  const spec = parseGpuCheckSpec(entry.spec, `GPU check ${entry.id}`);
  const cells = reportedCells(matrix, results);
  const generatedAt = new Date(now).toISOString();
  return {
    revision: 1,
    workload: entry.workload,
    environment: entry.environment,
    region: entry.region,
    generatedAt,
    ...(commit === undefined ? {} : { commit }),
    instanceTypes: entry.instanceTypes,
    usedInstanceTypes: unique(results.flatMap(({ task }) => task?.instanceType ?? [])),
    counts: countsOf(cells),
    cells,
    strangers: strangers(matrix, results),
    unread,
    baseImages: unique(results.flatMap(({ baseImages }) => baseImages)),
    axes: { cuda: matrix.cuda, driver: matrix.driver, pytorch: matrix.pytorch },
    exclusions: matrix.exclude,
    reviewed: reviewedOf(entry),
    ecs: settingsOf(spec),
    knownProblems: knownProblems(cells, spec.hostImage, generatedAt.slice(0, 10)),
  };
}

const settingsOf = (spec: GpuCheckSpec): EcsSettings => ({
  cluster: spec.cluster,
  capacityProviders: spec.capacityProviders,
  hostImage: spec.hostImage,
  taskDefinitionFamily: spec.taskDefinitionFamily,
  container: spec.container,
  task: spec.task,
  logGroup: spec.logGroup,
});

const unique = (texts: readonly string[]): readonly string[] => [...new Set(texts)].sort();
