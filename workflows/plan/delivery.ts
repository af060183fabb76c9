import {
  deliveryPipeline,
  type DeployManifest,
  workflowFile,
  workflowPath,
  type WorkloadEntry,
} from '../../contract';
import { attestJob } from '../jobs/attest';
import { buildJob } from '../jobs/build';
import { deployJob, deployJobId, type Turn } from '../jobs/deploy';
import { builtRelease } from '../jobs/release';
import { rollbackJob } from '../jobs/rollback';
import { scanJob } from '../jobs/scan';
import { testJob } from '../jobs/test';
import { type ResolvedWorkload, resolveWorkload, type Stage } from './lookup';
import type { DispatchInput, PipelinePlan, PlannedJob } from './model';
import { modelInput } from './model-input';

/**
 * The delivery of one workload: test, build once, scan, then the same digest through every environment. By
 * promotion it ends at the first one.
 *
 * @throws LockstepError when the manifest does not hang together
 */
export function planDelivery(manifest: DeployManifest, workload: WorkloadEntry): PipelinePlan {
  const resolved = resolveWorkload(manifest, workload);
  const stages = delivered(resolved);
  const names = stages.map(({ environment }) => environment.name);
  const pipeline = deliveryPipeline(workload, workload.environments[0] ?? '');
  const file = workflowPath(workload.id, pipeline);
  return {
    file,
    name: `${workload.id} ${pipeline.replace('-', ' ')}`,
    comment: [
      `Builds the image of ${workload.id} once and deploys its digest to ${names.join(', then to ')}.`,
      ...whoStarts(resolved),
      'A deployment that fails is rolled back to the last stable version by the job after it.',
    ],
    triggers: {
      push: {
        branches: [manifest.repository.defaultBranch],
        tags: workload.releaseTags,
        paths: [...new Set([...workload.paths, file])],
      },
      dispatch: {
        inputs: {
          ...choiceOf(names),
          ...modelInput(workload, 'key', 'the one that was released last, at first the initial one'),
        },
      },
    },
    jobs: [...beforeDeployment(resolved), ...deployments(resolved, stages)],
  };
}

function delivered({ workload, stages }: ResolvedWorkload): readonly Stage[] {
  switch (workload.delivery) {
    case 'throughEnvironments':
      return stages;
    case 'byPromotion':
      return stages.slice(0, 1);
  }
}

function whoStarts({ manifest, workload }: ResolvedWorkload): readonly string[] {
  if (workload.delivery === 'throughEnvironments') return [];
  const start = `A push to ${manifest.repository.defaultBranch} that touches it starts this, and so can people`;
  const [, next] = workload.environments;
  if (next === undefined) return [`${start}.`];
  return [`${start}; ${workflowFile(workload.id, deliveryPipeline(workload, next))} takes over from there.`];
}

/** Where there is one environment there is nothing to choose, and no job would read the choice. */
function choiceOf(environments: readonly string[]): Readonly<Record<string, DispatchInput>> {
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

function deployments(resolved: ResolvedWorkload, stages: readonly Stage[]): PlannedJob[] {
  const always = resolved.image.scan.blocks ? ['build', 'scan'] : ['build'];
  return stages.flatMap((stage, index) => {
    const earlier = stages.slice(0, index).map(({ environment }) => deployJobId(environment.name));
    const turn = { needs: [...always, ...earlier.slice(-1)], ...chosen(stages, index) };
    return [deployJob(resolved, stage, builtRelease(resolved), turn), rollbackJob(resolved, stage)];
  });
}

/** True on a push, and by hand when this environment or a later one was chosen. The first is on every way. */
function chosen(stages: readonly Stage[], index: number): Pick<Turn, 'condition'> {
  if (index === 0) return {};
  const choices = stages.slice(index).map(({ environment }) => `inputs.environment == '${environment.name}'`);
  return {
    condition: {
      expression: ["github.event_name == 'push'", ...choices].join(' || '),
      reason: 'A push goes through every environment; a run by hand ends at the one that was chosen.',
    },
  };
}
