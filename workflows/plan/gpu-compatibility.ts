import { type DeployManifest, workflowPath, type WorkloadEntry } from '../../contract';
import { gpuCheckJob, INSTANCE_TYPE } from '../jobs/gpu-check';
import { gpuReportJob } from '../jobs/gpu-report';
import { groups } from '../jobs/groups';
import { resolveGpuCheck } from './gpu-checks';
import type { PipelinePlan } from './model';

const PIPELINE = 'gpu-compatibility';

/**
 * The regular check of the GPU stacks of one workload; none when it has no such check.
 *
 * @throws LockstepError when the manifest does not hang together
 */
export function planGpuCompatibility(
  manifest: DeployManifest,
  workload: WorkloadEntry,
): readonly PipelinePlan[] {
  const resolved = resolveGpuCheck(manifest, workload);
  if (!resolved) return [];
  const { check } = resolved;
  const [usual] = check.instanceTypes;
  return [
    {
      file: workflowPath(workload.id, PIPELINE),
      name: `${workload.id} gpu compatibility`,
      comment: [
        `Checks which versions of CUDA, driver and PyTorch go together for ${workload.id}: each combination is built as an`,
        `image and run as a task on a GPU in ${check.environment}, on a cluster of its own. Combinations that are known not to`,
        'work are left out, with the reason above each. It runs by its schedule, and people may start it.',
        'The host has the driver of its machine image: a combination with another driver counts as declared by the reviewed',
        'tables, not as tested.',
        'The report stands in the summary, and in the artifact gpu-compatibility-report.',
      ],
      triggers: {
        schedule: check.schedule,
        dispatch: {
          inputs: {
            [INSTANCE_TYPE]: {
              type: 'choice',
              description: 'EC2 instance type that the tasks run on',
              options: check.instanceTypes,
              ...(usual !== undefined && { default: usual }),
            },
          },
        },
      },
      // Two runs would compete for the same instance, and one would time out.
      concurrency: groups.wholeWorkflow(workload.id, PIPELINE),
      jobs: [gpuCheckJob(resolved), gpuReportJob(resolved)],
    },
  ];
}
