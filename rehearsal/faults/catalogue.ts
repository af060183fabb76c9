import { type DeployManifest, LockstepError } from '../../contract';
import { rehearsalOf } from '../targets';
import type { Shape, ShapeStage } from '../scenarios/shape';
import type { PlacedFault } from '../scenarios/scenario';
import type { Fault } from './fault';
import { findingsOf, PIPELINE_FAULTS } from './pipeline-faults';
import { CANCELLED, STAGE_FAULTS } from './stage-faults';

/** A fault, and the environment that it hits, where it hits one. */
export interface FoundFault {
  readonly fault: Fault<unknown>;
  readonly stage?: ShapeStage;
}

const GENERAL: readonly Fault[] = [...PIPELINE_FAULTS, ...STAGE_FAULTS, CANCELLED];

/**
 * The fault of a name, in the environment that it is to hit.
 *
 * @throws LockstepError `InvalidArgument` when nobody knows it there
 */
export function findFault(
  { name, environment }: PlacedFault,
  { stages }: Shape,
  { images }: DeployManifest,
): FoundFault {
  const stage = stages.find((each) => each.environment === environment);
  const ofImages = images.flatMap(findingsOf);
  const known: readonly Fault<unknown>[] = stage
    ? [...GENERAL, ...rehearsalOf(stage.target).faults]
    : [...PIPELINE_FAULTS, ...ofImages];
  const fault = known.find((each) => each.name === name);
  if (fault) return { fault, ...(stage && { stage }) };
  throw new LockstepError('InvalidArgument', {
    place: 'fault',
    value: JSON.stringify(name),
    allowed: known.map((each) => each.name).join(', '),
    change: 'name one of them, where needed with @ and its environment',
  });
}
