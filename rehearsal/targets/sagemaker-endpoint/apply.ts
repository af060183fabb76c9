import type { TargetScene } from '../target-rehearsal';
import type { SageMakerEffect } from './effects';
import { configsOf, endpointOf, nameOf, specOf } from './view';

/** Lets something happen to the endpoint of a target. */
export function applyEffect(effect: SageMakerEffect, scene: TargetScene): void {
  const { world, target } = scene;
  const { sagemaker } = world;
  const name = nameOf(target);
  const { instanceType } = specOf(target);
  switch (effect.kind) {
    case 'newContainers':
      return sagemaker.behave({ ...name, ...newVersions(scene), behaviour: effect.behaviour });
    case 'newAnswers':
      return sagemaker.answer({ ...name, ...newVersions(scene), answer: effect.answer });
    case 'alarm':
      return once(scene, newFleetServes, () => ringFirstAlarm(scene));
    case 'artifactDeleted':
      return deleteArtifact(scene);
    case 'noCapacity':
      return sagemaker.setCapacity(target.account, instanceType, false);
    case 'silentRollback':
      return once(scene, newFleetServes, () => sagemaker.rollBack(name));
  }
}

const newVersions = (scene: TargetScene) => ({ config: { except: configsOf(scene) } });

/** Does something as soon as the condition holds. */
function once(scene: TargetScene, condition: (scene: TargetScene) => boolean, act: () => void): void {
  let done = false;
  scene.clock.onStep(() => {
    if (done || !condition(scene)) return;
    done = true;
    act();
  });
}

function newFleetServes(scene: TargetScene): boolean {
  const endpoint = endpointOf(scene);
  return endpoint?.status === 'Updating' && (endpoint.deployment?.traffic ?? 0) > 0;
}

function ringFirstAlarm({ world, target }: TargetScene): void {
  const [alarm] = specOf(target).alarms;
  // Where the target names none, nothing goes off, and the scenario says so.
  if (alarm !== undefined) world.cloudwatch.setAlarm(target.account, target.region, alarm, 'ALARM');
}

/** @throws Error when no version with an artifact is on its way: a rehearsal that wants it gone is wrong */
function deleteArtifact(scene: TargetScene): void {
  const [variant] = endpointOf(scene)?.deployment?.fleet.variants ?? [];
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(variant?.artifact ?? '') ?? [];
  if (key === '')
    throw new Error(`no version with an artifact is on its way to ${specOf(scene.target).endpoint}`);
  scene.world.s3.state.buckets.get(bucket)?.objects.delete(key);
}
