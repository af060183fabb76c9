import { type DeployManifest, workflowPath, type WorkloadEntry } from '../../contract';
import { infrastructureJob } from '../jobs/infrastructure';
import { inspectJob } from '../jobs/inspect';
import { qualityJob } from '../jobs/quality';
import { resolveWorkload } from './lookup';
import type { PipelinePlan } from './model';

/**
 * The checks of one workload, for pull requests and for the default branch; none when it declares none.
 *
 * @throws LockstepError when the manifest does not hang together
 */
export function planChecks(manifest: DeployManifest, workload: WorkloadEntry): readonly PipelinePlan[] {
  const { quality } = workload;
  if (quality?.language !== 'python' || !quality.checks) return [];
  const resolved = resolveWorkload(manifest, workload);
  const file = workflowPath(workload.id, 'ci');
  const branches = [manifest.repository.defaultBranch];
  const inspected = resolved.stages.filter(({ inspection }) => inspection);
  return [
    {
      file,
      name: `${workload.id} ci`,
      comment: [
        `Checks the sources of ${workload.id}, and that infrastructure and workflows fit together.`,
        ...comment(workload.id, manifest.repository.defaultBranch, inspected.length > 0),
      ],
      // Every commit: what the stacks are made of lies outside the workload too, and a check that people require of
      // pull requests must not wait for ever on those that a filter leaves out.
      triggers: { push: { branches }, pullRequest: { branches } },
      jobs: [
        qualityJob(resolved, quality, quality.checks),
        infrastructureJob(resolved),
        ...inspected.map((stage) => inspectJob(resolved, stage)),
      ],
    },
  ];
}

function comment(workload: string, branch: string, inspects: boolean): readonly string[] {
  if (!inspects) return ['It runs on pull requests and never reaches AWS.'];
  return [
    `On pull requests nothing reaches AWS. On ${branch} it signs in to each account, only to read, and shows what`,
    `a deployment of the stacks of ${workload} would change.`,
  ];
}
