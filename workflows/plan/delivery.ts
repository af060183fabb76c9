import { deliveryPipeline, type DeployManifest, workflowPath, type WorkloadEntry } from '../../contract';
import { attestJob } from '../jobs/attest';
import { buildJob } from '../jobs/build';
import { deployJob, deployJobId, type Turn } from '../jobs/deploy';
import { forImage } from '../jobs/image-job';
import { notifyJobs } from '../jobs/notify';
import { builtRelease } from '../jobs/release';
import { rollbackJob } from '../jobs/rollback';
import { scanJob } from '../jobs/scan';
import { testJob } from '../jobs/test';
import { deliveryComment } from './delivery-comment';
import { type ResolvedWorkload, resolveWorkload, type Stage } from './lookup';
import type { DispatchInput, PipelinePlan, PlannedJob, Triggers } from './model';
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
    comment: deliveryComment(resolved, stages),
    triggers: {
      ...pushOf(resolved, file),
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

/** Pushes that start it: of the branch when they touch the workload, and of release tags. */
function pushOf({ manifest, workload }: ResolvedWorkload, file: string): Pick<Triggers, 'push'> {
  switch (workload.starts) {
    case 'byHand':
      return {};
    case 'onPush':
      return {
        push: {
          branches: [manifest.repository.defaultBranch],
          tags: workload.releaseTags,
          paths: [...new Set([...workload.paths, file])],
        },
      };
  }
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
  const { workload, images } = resolved;
  const tests = workload.quality ? [testJob(resolved, workload.quality)] : [];
  const needs = tests.map(({ id }) => id);
  return [
    ...tests,
    ...images.map((image) => buildJob(resolved, image, needs)),
    ...images.map((image) => scanJob(resolved, image)),
    ...images.filter(({ image }) => image.attestations).map((image) => attestJob(resolved, image)),
  ];
}

function deployments(resolved: ResolvedWorkload, stages: readonly Stage[]): PlannedJob[] {
  const { workload, images } = resolved;
  const always = [
    ...images.map((image) => forImage('build', image)),
    ...images.filter(({ image }) => image.scan.blocks).map((image) => forImage('scan', image)),
  ];
  return stages.flatMap((stage, index) => {
    const earlier = stages.slice(0, index).map(({ environment }) => deployJobId(environment.name));
    const turn = { needs: [...always, ...earlier.slice(-1)], ...chosen(workload, stages, index) };
    return [
      deployJob(resolved, stage, builtRelease(resolved), turn),
      rollbackJob(resolved, stage),
      ...notifyJobs(resolved, stage),
    ];
  });
}

/** True on a push, and by hand when this environment or a later one was chosen. The first is on every way. */
function chosen({ starts }: WorkloadEntry, stages: readonly Stage[], index: number): Pick<Turn, 'condition'> {
  if (index === 0) return {};
  const choices = stages.slice(index).map(({ environment }) => `inputs.environment == '${environment.name}'`);
  switch (starts) {
    case 'byHand':
      return {
        condition: {
          expression: choices.join(' || '),
          reason: 'A run ends at the environment that was chosen.',
        },
      };
    case 'onPush':
      return {
        condition: {
          expression: ["github.event_name == 'push'", ...choices].join(' || '),
          reason: 'A push goes through every environment; a run by hand ends at the one that was chosen.',
        },
      };
  }
}
