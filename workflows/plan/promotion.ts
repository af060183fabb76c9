import { deliveryPipeline, type DeployManifest, workflowPath, type WorkloadEntry } from '../../contract';
import { deployJob } from '../jobs/deploy';
import { RESOLVE, resolvedRelease, resolveJob } from '../jobs/resolve';
import { notifyJobs } from '../jobs/notify';
import { rollbackJob } from '../jobs/rollback';
import { secretsOf, whoIsTold } from './delivery-comment';
import { type ResolvedWorkload, resolveWorkload, type Stage } from './lookup';
import type { PipelinePlan } from './model';
import { modelInput } from './model-input';

/**
 * The promotions of one workload: one file for each environment but the first, which takes over what the
 * environment before it runs.
 *
 * @throws LockstepError when the manifest does not hang together
 */
export function planPromotions(manifest: DeployManifest, workload: WorkloadEntry): readonly PipelinePlan[] {
  if (workload.delivery !== 'byPromotion') return [];
  const resolved = resolveWorkload(manifest, workload);
  const [, ...later] = resolved.stages;
  return later.flatMap((to, index) => {
    const from = resolved.stages[index];
    return from ? [planPromotion(resolved, from, to)] : [];
  });
}

function planPromotion(resolved: ResolvedWorkload, from: Stage, to: Stage): PipelinePlan {
  const { manifest, workload } = resolved;
  const before = from.environment.name;
  const after = to.environment.name;
  const pipeline = deliveryPipeline(workload, after);
  return {
    file: workflowPath(workload.id, pipeline),
    name: `${workload.id} promote ${after}`,
    comment: [
      `Deploys to ${after} what ${before} runs of ${workload.id}${withModel(workload)}; nothing is built.`,
      `People start it, on ${manifest.repository.defaultBranch}. What is promoted is settled before anybody approves it, and stands in the summary.`,
      'A deployment that fails is rolled back to the last stable version by the job after it.',
      ...whoIsTold(resolved),
      ...secretsOf([to]),
    ],
    triggers: { dispatch: { inputs: modelInput(workload, 'version', `the one that ${before} runs`) } },
    jobs: [
      resolveJob(resolved, from, pipeline),
      deployJob(resolved, to, resolvedRelease(resolved), { needs: [RESOLVE] }),
      rollbackJob(resolved, to),
      ...notifyJobs(resolved, to),
    ],
  };
}

const withModel = ({ models }: WorkloadEntry): string =>
  models ? ': image by digest, model by version' : ', by the digest of its image';
