import type { DeployManifest } from '../../contract';
import { planChecks } from './checks';
import { planDelivery } from './delivery';
import { planDeliveryMetrics } from './delivery-metrics';
import { planGpuCompatibility } from './gpu-compatibility';
import type { PipelinePlan } from './model';
import { planPromotions } from './promotion';
import { planRepositoryCi } from './repository-ci';
import { planRollback } from './rollback';

/**
 * Every workflow of the repository. The plan of a workload depends on that workload's entries only, so
 * another workload changes no file but its own.
 *
 * @throws LockstepError when the manifest does not hang together
 */
export function planPipelines(manifest: DeployManifest): readonly PipelinePlan[] {
  const delivery = manifest.workloads.flatMap((workload) => [
    ...planChecks(manifest, workload),
    planDelivery(manifest, workload),
    ...planPromotions(manifest, workload),
    planRollback(manifest, workload),
    ...planGpuCompatibility(manifest, workload),
  ]);
  return [...delivery, planRepositoryCi(manifest), planDeliveryMetrics()];
}
