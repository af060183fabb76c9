import type { GpuCheckEffect } from './effects';
import { type CheckScene, specOf, viewOf } from './view';

/** Lets something happen to a GPU check. */
export function applyToCheck(effect: GpuCheckEffect, scene: CheckScene): void {
  const { world, check } = scene;
  const { ecs, ecr } = world;
  const { account } = check;
  const { cluster, taskDefinitionFamily: family } = specOf(check);
  switch (effect.kind) {
    case 'checkTasks':
      return ecs.behave({ account, family, behaviour: effect.behaviour });
    case 'machineImage':
      ecs.setMachineImage(account, cluster, effect.imageId);
      return endInstances(scene);
    case 'noInstances':
      ecs.setLaunches(account, cluster, false);
      return endInstances(scene);
    case 'instanceLost':
      return endInstances(scene);
    case 'checkImageDeleted': {
      const newest = viewOf(scene).tasks.at(-1);
      if (!newest) throw new Error(`${check.id} runs no task whose image can be deleted`);
      return ecr.remove(newest.image);
    }
    case 'logsWithin':
      ecs.state.timing.logsWithin = effect.seconds;
      return;
  }
}

function endInstances(scene: CheckScene): void {
  const { state, cluster } = viewOf(scene);
  const ids = state.instances.filter((each) => each.cluster === cluster).map(({ id }) => id);
  for (const id of ids) scene.world.ecs.terminateInstance(id);
}
