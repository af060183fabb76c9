import { type DeployManifest, workflowPath, type WorkloadEntry } from '../../contract';
import { findImageJob } from '../jobs/find-image';
import { notifyByHandJobs } from '../jobs/notify';
import { rollbackByHandJob } from '../jobs/rollback';
import { secretsOf } from './delivery-comment';
import { resolveWorkload } from './lookup';
import type { DispatchInput, PipelinePlan } from './model';

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
    comment: [...comment(workload), ...secretsOf(resolved.stages)],
    triggers: {
      dispatch: {
        inputs: {
          environment: {
            type: 'choice',
            description: 'Environment to roll back',
            options: workload.environments,
          },
          ...versionInputs(workload),
        },
      },
    },
    jobs: [
      ...(workload.rollbackByCommit ? [findImageJob(resolved)] : []),
      ...resolved.stages.flatMap((stage) => [
        rollbackByHandJob(resolved, stage),
        ...notifyByHandJobs(resolved, stage),
      ]),
    ],
  };
}

function comment({ id, rollbackByCommit }: WorkloadEntry): readonly string[] {
  if (!rollbackByCommit)
    return [
      `Takes ${id} in one environment back to a revision that was stable.`,
      'Run it without a revision first: the summary then lists those that can be named.',
    ];
  return [
    `Takes ${id} in one environment back to a revision that was stable, or to what ran of a commit.`,
    'Run it without either first: the summary then lists the revisions that can be named.',
    'The image of a commit is found by its tag, and brought back by its digest; nothing is built.',
  ];
}

/** What people say about the version to go back to. */
function versionInputs({ rollbackByCommit }: WorkloadEntry): Readonly<Record<string, DispatchInput>> {
  if (!rollbackByCommit)
    return {
      revision: {
        type: 'string',
        description: 'Revision to go back to; leave it empty to list the stable ones',
      },
    };
  return {
    revision: {
      type: 'string',
      description: 'Revision to go back to; leave it and the commit empty to list the stable ones',
    },
    commit: {
      type: 'string',
      description: 'Commit to go back to, by 12 digits of its hash or more; leave the revision empty then',
    },
  };
}
