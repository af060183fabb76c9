import { LockstepError, type TargetEntry } from '../../contract';
import { ecsService } from './ecs-service';
import { k3sNode } from './k3s-node';
import { sagemakerEndpoint } from './sagemaker-endpoint';
import type { TargetRehearsal } from './target-rehearsal';

export type * from './target-rehearsal';

/** One line for each kind of target. */
const REHEARSALS: readonly TargetRehearsal[] = [ecsService, sagemakerEndpoint, k3sNode];

/** @throws LockstepError `UnknownTargetKind` */
export function rehearsalOf({ kind, id }: TargetEntry): TargetRehearsal {
  const found = REHEARSALS.find((each) => each.kind === kind);
  if (found) return found;
  throw new LockstepError('UnknownTargetKind', {
    place: `target ${id}`,
    value: kind,
    allowed: REHEARSALS.map((each) => each.kind).join(', '),
    change: 'rehearse another workflow, or add the kind to rehearsal/targets',
  });
}
