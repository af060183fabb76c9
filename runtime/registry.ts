import type { DeployerFactory } from '../contract/deployer';
import { LockstepError } from '../contract/errors';

type Loader = () => Promise<{ readonly createDeployer: DeployerFactory }>;

/** One line per kind of deploy target. Loaded when a verb runs: help needs no AWS SDK. */
const DEPLOYERS: ReadonlyMap<string, Loader> = new Map<string, Loader>([
  ['ecs-service', () => import('../constructs/ecs-service/runtime')],
  ['k3s-node', () => import('../constructs/k3s-node/runtime')],
  ['sagemaker-endpoint', () => import('../constructs/sagemaker-endpoint/runtime')],
]);

/** @throws LockstepError `UnknownTargetKind` */
export async function deployerFactory(kind: string, place: string): Promise<DeployerFactory> {
  const load = DEPLOYERS.get(kind);
  if (load) return (await load()).createDeployer;
  throw new LockstepError('UnknownTargetKind', {
    place,
    value: JSON.stringify(kind),
    allowed: [...DEPLOYERS.keys()].join(', '),
    change: 'run `npx projen`, so that command and manifest come from the same version',
  });
}
