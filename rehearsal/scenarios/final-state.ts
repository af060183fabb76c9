import { rehearsalOf, type LabelOf, type TargetScene } from '../targets';
import { prefixed } from './compose';
import type { FinalState } from './scenario';
import type { Shape } from './shape';

/** What can be said of every target that a workflow reaches. */
export function finalStateOf(
  { stages }: Shape,
  scene: Omit<TargetScene, 'target'>,
  labelOf: LabelOf,
): FinalState {
  const facts = stages.map(({ environment, target }) =>
    prefixed(environment, rehearsalOf(target).facts({ ...scene, target }, labelOf)),
  );
  return Object.assign({}, ...facts) as FinalState;
}
