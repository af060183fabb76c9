import { ECS_SERVICE_KIND } from '../../constructs/ecs-service/spec';
import { K3S_NODE_KIND } from '../../constructs/k3s-node/spec';
import { SAGEMAKER_ENDPOINT_KIND } from '../../constructs/sagemaker-endpoint/spec';
import { LockstepError, type TargetEntry } from '../../contract';
import { ecsService } from './ecs-service';
import { k3sNode } from './k3s-node';
import type { KindNotes } from './notes';
import { sagemakerEndpoint } from './sagemaker-endpoint';

export type { KindNotes, Symptom } from './notes';

/** One line per kind of deploy target. */
const KINDS: ReadonlyMap<string, KindNotes> = new Map<string, KindNotes>([
  [ECS_SERVICE_KIND, ecsService],
  [K3S_NODE_KIND, k3sNode],
  [SAGEMAKER_ENDPOINT_KIND, sagemakerEndpoint],
]);

/** @throws LockstepError `UnknownTargetKind` */
export function kindNotes({ kind, id }: Pick<TargetEntry, 'kind' | 'id'>): KindNotes {
  const notes = KINDS.get(kind);
  if (notes) return notes;
  throw new LockstepError('UnknownTargetKind', {
    place: `target ${id}`,
    value: JSON.stringify(kind),
    allowed: [...KINDS.keys()].join(', '),
    change: 'add its notes to runbook/kinds/',
  });
}
