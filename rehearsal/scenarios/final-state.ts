import { rehearsalOf, type LabelOf, type TargetScene } from '../targets';
import { prefixed } from './compose';
import type { FinalState } from './scenario';
import type { Shape } from './shape';

/** What can be said of every target of the workload, also of those that the workflow leaves alone. */
export function finalStateOf(
  { stages, bystanders }: Shape,
  scene: Omit<TargetScene, 'target'>,
  labelOf: LabelOf,
): FinalState {
  const facts = [...stages, ...bystanders].map(({ environment, target }) =>
    prefixed(environment, rehearsalOf(target).facts({ ...scene, target }, labelOf)),
  );
  return Object.assign({}, ...facts) as FinalState;
}
