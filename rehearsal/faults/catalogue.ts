import { type DeployManifest, LockstepError } from '../../contract';
import { GPU_CHECK_FAULTS } from '../gpu-check';
import { rehearsalOf } from '../targets';
import type { Shape, ShapeStage } from '../scenarios/shape';
import type { PlacedFault } from '../scenarios/scenario';
import type { Fault } from './fault';
import { CHECK_FAULTS, findingsOf, INSPECTION_DENIED, PIPELINE_FAULTS } from './pipeline-faults';
import { NOTICE_FAULTS } from './notice-faults';
import { CANCELLED, STAGE_FAULTS, WAY_BACK_DENIED } from './stage-faults';

/** A fault, and the environment that it hits, where it hits one. */
export interface FoundFault {
  readonly fault: Fault<unknown>;
  readonly stage?: ShapeStage;
}

/** Faults that hit no environment. */
const OF_RUNS: readonly Fault[] = [...PIPELINE_FAULTS, ...CHECK_FAULTS, INSPECTION_DENIED, ...NOTICE_FAULTS];
const GENERAL: readonly Fault[] = [...OF_RUNS, ...STAGE_FAULTS, CANCELLED, WAY_BACK_DENIED];

/**
 * The fault of a name, in the environment that it is to hit.
 *
 * @throws LockstepError `InvalidArgument` when nobody knows it there
 */
export function findFault(
  { name, environment }: PlacedFault,
  { stages, gpuCheck }: Shape,
  { images }: DeployManifest,
): FoundFault {
  const stage = stages.find((each) => each.environment === environment);
  const ofImages = images.flatMap(findingsOf);
  const known: readonly Fault<unknown>[] = stage
    ? [...GENERAL, ...rehearsalOf(stage.target).faults]
    : [...OF_RUNS, ...ofImages, ...(gpuCheck ? GPU_CHECK_FAULTS : [])];
  const fault = known.find((each) => each.name === name);
  if (fault) return { fault, ...(stage && { stage }) };
  throw new LockstepError('InvalidArgument', {
    place: 'fault',
    value: JSON.stringify(name),
    allowed: known.map((each) => each.name).join(', '),
    change: 'name one of them, where needed with @ and its environment',
  });
}
