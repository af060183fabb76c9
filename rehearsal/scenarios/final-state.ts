import type { DeployManifest } from '../../contract';
import type { ArtifactStore } from '../actions';
import { toldAbout } from '../channels';
import { facts as checkFacts } from '../gpu-check';
import { rehearsalOf, type LabelOf, type TargetScene } from '../targets';
import { prefixed } from './compose';
import type { FinalState } from './scenario';
import type { Shape } from './shape';

/** Everything that a run left behind. */
export interface RunScene extends Omit<TargetScene, 'target'> {
  readonly manifest: DeployManifest;
  /** When the run began, in milliseconds since the epoch. */
  readonly since: number;
}

/** What can be said of every target of the workload, also of those that the workflow leaves alone. */
export function finalStateOf(
  { stages, bystanders, gpuCheck }: Shape,
  scene: RunScene,
  labelOf: LabelOf,
  artifacts: ArtifactStore,
): FinalState {
  const facts = [...stages, ...bystanders].map(({ environment, target }) =>
    prefixed(environment, rehearsalOf(target).facts({ ...scene, target }, labelOf)),
  );
  const told = stages
    .filter(({ notify }) => notify)
    .map(({ environment, target }) =>
      prefixed(environment, toldAbout(scene.world, scene.manifest, target, scene.since)),
    );
  const ofCheck = gpuCheck ? prefixed(gpuCheck.id, checkFacts({ ...scene, check: gpuCheck }, artifacts)) : {};
  return Object.assign({}, ...facts, ...told, ofCheck) as FinalState;
}
