import { type DeployManifest, workflowPath, type WorkloadEntry } from '../../contract';
import { attestJob } from '../jobs/attest';
import { buildJob } from '../jobs/build';
import { deployJob, deployJobId } from '../jobs/deploy';
import { rollbackJob } from '../jobs/rollback';
import { scanJob } from '../jobs/scan';
import { testJob } from '../jobs/test';
import { type ResolvedWorkload, resolveWorkload } from './lookup';
import type { DispatchInput, PipelinePlan, PlannedJob } from './model';

/**
 * The delivery of one workload: test, build once, scan, then the same digest through every environment.
 *
 * @throws LockstepError when the manifest does not hang together
 */
export function planDelivery(manifest: DeployManifest, workload: WorkloadEntry): PipelinePlan {
  const resolved = resolveWorkload(manifest, workload);
  const file = workflowPath(workload.id, 'deploy');
  const stages = workload.environments.join(', then to ');
  return {
    file,
    name: `${workload.id} deploy`,
    comment: [
      `Builds the image of ${workload.id} once and deploys its digest to ${stages}.`,
      'A deployment that fails is rolled back to the last stable version by the job after it.',
    ],
    triggers: {
      push: {
        branches: [manifest.repository.defaultBranch],
        tags: workload.releaseTags,
        paths: [...new Set([...workload.paths, file])],
      },
      dispatch: { inputs: choiceOf(workload) },
    },
    jobs: [...beforeDeployment(resolved), ...deployments(resolved)],
  };
}

/** Where there is one environment there is nothing to choose, and no job would read the choice. */
function choiceOf({ environments }: WorkloadEntry): Readonly<Record<string, DispatchInput>> {
  if (environments.length === 1) return {};
  return {
    environment: {
      type: 'choice',
      description: 'Deliver through the environments in their order, up to and including this one',
      options: environments,
    },
  };
}

function beforeDeployment(resolved: ResolvedWorkload): PlannedJob[] {
  const { workload, image } = resolved;
  const tests = workload.quality ? [testJob(resolved, workload.quality)] : [];
  const build = buildJob(
    resolved,
    tests.map((job) => job.id),
  );
  return [...tests, build, scanJob(resolved), ...(image.attestations ? [attestJob(resolved)] : [])];
}

function deployments(resolved: ResolvedWorkload): PlannedJob[] {
  const { image, stages } = resolved;
  const always = image.scan.blocks ? ['build', 'scan'] : ['build'];
  return stages.flatMap((stage, index) => {
    const earlier = stages.slice(0, index).map(({ environment }) => deployJobId(environment.name));
    const needs = [...always, ...earlier.slice(-1)];
    return [deployJob(resolved, stage, needs, stages.slice(index + 1)), rollbackJob(resolved, stage)];
  });
}
