import { FOREIGN_TAG } from '../foreign';
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
    case 'earlierArtifactDeletedAfterRelease': {
      const before = servingArtifact(scene);
      return once(scene, otherConfigServes(scene), () => deleteObject(scene, before));
    }
    case 'newFleetsAfterRelease':
      return once(scene, otherConfigServes(scene), () =>
        sagemaker.behave({ ...name, behaviour: effect.behaviour }),
      );
    case 'noCapacity':
      return sagemaker.setCapacity(target.account, instanceType, false);
    case 'foreignVersion':
      return sagemaker.deployForeign(name, { name: 'made-by-somebody-else', image: foreignImage(scene) });
    case 'silentRollback':
      return once(scene, newFleetServes, () => sagemaker.rollBack(name));
    case 'rollbackFails':
      return once(scene, secondBatchBakes, () => {
        sagemaker.setCapacity(target.account, instanceType, false);
        ringFirstAlarm(scene);
      });
  }
}

/** An image that somebody else pushed. */
function foreignImage(scene: TargetScene): string {
  const [variant] = endpointOf(scene)?.fleet?.variants ?? [];
  const [repository = ''] = (variant?.image ?? '').split('@');
  return `${repository}@${scene.world.ecr.push(`${repository}:${FOREIGN_TAG}`, 'pushed by somebody else')}`;
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

/** Of a rolling update: old instances are gone, and no more of the new ones are needed for now. */
function secondBatchBakes(scene: TargetScene): boolean {
  const { deployment } = endpointOf(scene) ?? {};
  return deployment?.plan.rolling === true && deployment.baked > 0 && deployment.phase.kind === 'baking';
}

function ringFirstAlarm({ world, target }: TargetScene): void {
  const [alarm] = specOf(target).alarms;
  // Where the target names none, nothing goes off, and the scenario says so.
  if (alarm !== undefined) world.cloudwatch.setAlarm(target.account, target.region, alarm, 'ALARM');
}

/** True once another config serves than now. */
function otherConfigServes(scene: TargetScene): (scene: TargetScene) => boolean {
  const before = endpointOf(scene)?.config;
  return (then) => {
    const endpoint = endpointOf(then);
    return endpoint?.status === 'InService' && endpoint.config !== before;
  };
}

/** Empty where nothing serves yet. */
const servingArtifact = (scene: TargetScene): string => endpointOf(scene)?.fleet?.variants[0]?.artifact ?? '';

function deleteArtifact(scene: TargetScene): void {
  const [variant] = endpointOf(scene)?.deployment?.fleet.variants ?? [];
  deleteObject(scene, variant?.artifact ?? '');
}

/** @throws Error when there is no artifact: a rehearsal that wants it gone is wrong */
function deleteObject({ world, target }: TargetScene, artifact: string): void {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(artifact) ?? [];
  if (key === '') throw new Error(`no version with an artifact is on its way to ${specOf(target).endpoint}`);
  world.s3.state.buckets.get(bucket)?.objects.delete(key);
}
