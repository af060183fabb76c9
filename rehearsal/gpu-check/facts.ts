import { z } from 'zod';
import type { ArtifactStore } from '../actions';
import type { FinalState } from '../scenarios/scenario';
import { type CheckScene, viewOf } from './view';

/** Artifact of the report, and its file for programs. */
const REPORT = { artifact: 'gpu-compatibility-report', file: 'report.json' } as const;

/** What the rehearsal reads of the report. */
const reportSchema = z.object({
  cells: z.array(
    z.object({
      cuda: z.string(),
      driver: z.string(),
      pytorch: z.string(),
      status: z.string(),
      result: z
        .object({ instanceType: z.string(), outcome: z.object({ cause: z.string().optional() }) })
        .optional(),
    }),
  ),
});

/** Nothing of a check is left, but what the stack has made. */
export const AT_REST: FinalState = {
  'tasks that run': '0',
  'active revisions': '1, as declared',
  instances: '0',
};

/** What is left of a check, and what its report says, in words. */
export function facts(scene: CheckScene, artifacts: ArtifactStore): FinalState {
  const { state, cluster, tasks, definitions } = viewOf(scene);
  const active = definitions.filter(({ status }) => status === 'ACTIVE');
  const declared = active.filter(({ registeredBy }) => registeredBy === undefined);
  const runs = definitions.map(({ arn }) => tasks.filter(({ definition }) => definition === arn).length);
  return {
    'tasks that run': String(tasks.filter(({ status }) => status !== 'STOPPED').length),
    'most tasks of one revision': String(Math.max(0, ...runs)),
    'active revisions': `${active.length}${declared.length === active.length ? ', as declared' : ''}`,
    instances: String(state.instances.filter((each) => each.cluster === cluster).length),
    ...reportFacts(artifacts),
  };
}

/** Name of the fact about one combination. */
export const reported = ({ cuda, driver, pytorch }: Readonly<Record<string, unknown>>): string =>
  `report of CUDA ${String(cuda)}, driver ${String(driver)}, PyTorch ${String(pytorch)}`;

/** One fact for each combination: `tested on g4dn.xlarge`, `failed on g4dn.xlarge (noDriver)`, or `noResult`. */
function reportFacts(artifacts: ArtifactStore): FinalState {
  const file = artifacts.find(REPORT.artifact)?.files.get(REPORT.file);
  if (file === undefined) return { report: 'none' };
  const { cells } = reportSchema.parse(JSON.parse(file.toString()));
  return Object.fromEntries(
    cells.map((cell) => {
      const { status, result } = cell;
      const where = result ? ` on ${result.instanceType}` : '';
      const cause = result?.outcome.cause;
      return [reported(cell), `${status}${where}${cause === undefined ? '' : ` (${cause})`}`];
    }),
  );
}
