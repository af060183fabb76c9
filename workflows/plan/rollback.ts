import { type DeployManifest, workflowPath, type WorkloadEntry } from '../../contract';
import { rollbackByHandJob } from '../jobs/rollback';
import { resolveWorkload } from './lookup';
import type { PipelinePlan } from './model';

/**
 * The rollback of one workload by hand. Each environment has a job of its own, so that its role and its
 * protection are fixed in the file and not chosen by an input.
 *
 * @throws LockstepError when the manifest does not hang together
 */
export function planRollback(manifest: DeployManifest, workload: WorkloadEntry): PipelinePlan {
  const resolved = resolveWorkload(manifest, workload);
  return {
    file: workflowPath(workload.id, 'rollback'),
    name: `${workload.id} rollback`,
    runName: `Roll back ${workload.id} in \${{ inputs.environment }}`,
    comment: [
      `Takes ${workload.id} in one environment back to a revision that was stable.`,
      'Run it without a revision first: the summary then lists those that can be named.',
    ],
    triggers: {
      dispatch: {
        inputs: {
          environment: {
            type: 'choice',
            description: 'Environment to roll back',
            options: workload.environments,
          },
          revision: {
            type: 'string',
            description: 'Revision to go back to; leave it empty to list the stable ones',
          },
        },
      },
    },
    jobs: resolved.stages.map((stage) => rollbackByHandJob(resolved, stage)),
  };
}
