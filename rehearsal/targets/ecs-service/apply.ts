import type { Behaviour } from '../../aws/ecs';
import { FOREIGN_TAG } from '../foreign';
import type { TargetScene } from '../target-rehearsal';
import type { DeploymentMoment, EcsEffect } from './effects';
import { verificationOf } from './update';
import { imagesOf, newestDeployment, specOf, viewOf } from './view';

/** More than any cluster of a rehearsal has. */
const ALL_GPUS = 1_000;

/** Lets something happen to the service of a target. */
export function applyEffect(effect: EcsEffect, scene: TargetScene): void {
  const { world, target } = scene;
  const { ecs } = world;
  const { account } = target;
  const { cluster, service } = specOf(target);
  const name = { account, cluster, service };
  switch (effect.kind) {
    case 'newTasks': {
      const image = { except: imagesOf(scene) };
      return ecs.behave({ account, service, image, behaviour: effect.behaviour });
    }
    case 'breaker':
      return ecs.setBreaker(name, { enable: effect.enable, rollback: effect.rollback });
    case 'noGpuFree':
      ecs.setLaunches(account, cluster, false);
      return ecs.takeGpus(account, cluster, ALL_GPUS);
    case 'spotTaken':
      return once(scene, newTaskRuns, () => {
        if (!effect.others) ecs.setLaunches(account, cluster, false);
        const newest = newestDeployment(scene);
        for (const { instance } of viewOf(scene).tasks.filter(
          ({ revision }) => revision === newest?.revision,
        )) {
          ecs.interruptSpot(account, cluster, instance);
        }
      });
    case 'asleep':
      return ecs.setDesired(name, 0);
    case 'alarm':
      return once(scene, MOMENTS[effect.when], () => ringFirstAlarm(scene));
    case 'newTasksEnd':
      return once(scene, MOMENTS[effect.when], () => endNewTasks(scene));
    case 'stoppedBySomebody':
      return once(scene, servesClients, () => ecs.stopDeployment(name));
    case 'function': {
      const { lambda } = world;
      const ifEventHas = effect.asked === 'byEcs' ? 'lifecycleStage' : 'listener';
      return lambda.behave({
        account,
        function: verificationOf(target) ?? '',
        fault: effect.fault,
        ifEventHas,
      });
    }
    case 'badAnswersAfterRelease':
      return once(scene, isReleased, () => {
        const { image } = ecs.service(name);
        const behaviour: Behaviour = { kind: 'healthy', answers: { status: effect.status } };
        ecs.behave({ account, service, image, behaviour });
        ecs.changeTasks(name, behaviour);
      });
    case 'crashAfterRelease':
      return once(scene, isReleased, () => {
        const { image } = ecs.service(name);
        ecs.behave({ account, service, image, behaviour: crash(effect.lines) });
        ecs.changeTasks(name, crash(effect.lines));
      });
    case 'nothingStartsAfterRelease':
      return once(scene, isReleased, () => {
        ecs.behave({ account, service, behaviour: crash(effect.lines) });
        ecs.changeTasks(name, crash(effect.lines));
      });
    case 'gpusLostAfterRelease':
      return once(scene, isReleased, () => {
        ecs.setLaunches(account, cluster, false);
        ecs.changeTasks(name, crash([]));
        const { state, service: at } = viewOf(scene);
        const instances = state.instances.filter((each) => each.cluster === at.cluster);
        for (const instance of instances) instance.takenGpus = instance.room.gpus;
      });
    case 'foreignDeployment':
      ecs.deployForeign(name, foreignImage(scene));
      return;
    case 'imageDeleted':
      return world.ecr.remove(ecs.service(name).image);
    case 'earlierDeregistered':
      return deregisterEarlier(scene);
    case 'listedAfter':
      ecs.state.timing.listedAfter = effect.seconds;
      return;
  }
}

const crash = (lines: readonly string[]): Behaviour => ({ kind: 'exits', code: 1, after: 1, lines });

/** Does something as soon as the condition holds. */
function once(scene: TargetScene, condition: (scene: TargetScene) => boolean, act: () => void): void {
  let done = false;
  scene.clock.onStep(() => {
    if (done || !condition(scene)) return;
    done = true;
    act();
  });
}

function newTaskRuns(scene: TargetScene): boolean {
  const newest = newestDeployment(scene);
  return viewOf(scene).tasks.some(
    ({ status, revision }) => status === 'RUNNING' && revision === newest?.revision,
  );
}

/** When something sets in. */
const MOMENTS: Readonly<Record<DeploymentMoment, (scene: TargetScene) => boolean>> = {
  newTaskRuns,
  partOfTraffic: (scene) => {
    const percent = newestDeployment(scene)?.shift?.production ?? 0;
    return percent > 0 && percent < 100;
  },
  bake: (scene) => newestDeployment(scene)?.shift?.stage === 'BAKE_TIME',
};

/** In a rolling update the first task that passes its checks has clients. */
function servesClients(scene: TargetScene): boolean {
  const newest = newestDeployment(scene);
  if (newest?.shift) return newest.shift.production > 0;
  return viewOf(scene).tasks.some(({ revision, served }) => served && revision === newest?.revision);
}

/** Tasks of the version that is deployed; those of the one before go on. */
function endNewTasks(scene: TargetScene): void {
  const { ecs } = scene.world;
  const newest = newestDeployment(scene);
  const tasks = viewOf(scene).tasks.filter(({ revision }) => revision === newest?.revision);
  const [first] = tasks;
  if (!first) return;
  const { account, image } = first;
  ecs.behave({ account, service: specOf(scene.target).service, image, behaviour: crash([]) });
  for (const task of tasks) Object.assign(task, { behaviour: crash([]) });
}

const isReleased = (scene: TargetScene): boolean => newestDeployment(scene)?.status === 'SUCCESSFUL';

function ringFirstAlarm(scene: TargetScene): void {
  const { world, target } = scene;
  const [alarm] = viewOf(scene).service.alarms.alarmNames;
  // Where the service watches none, nothing goes off, and the scenario says so.
  if (alarm !== undefined) world.cloudwatch.setAlarm(target.account, target.region, alarm, 'ALARM');
}

/** An image that somebody else pushed. */
function foreignImage({ world, target }: TargetScene): string {
  const { cluster, service } = specOf(target);
  const [repository = ''] = world.ecs.service({ account: target.account, cluster, service }).image.split('@');
  return `${repository}@${world.ecr.push(`${repository}:${FOREIGN_TAG}`, 'pushed by somebody else')}`;
}

function deregisterEarlier(scene: TargetScene): void {
  const { service, state } = viewOf(scene);
  const running = service.revisions[newestDeployment(scene)?.revision ?? ''];
  const earlier = new Set(Object.values(service.revisions).filter((arn) => arn !== running));
  for (const definition of state.taskDefinitions) {
    if (earlier.has(definition.arn)) definition.status = 'INACTIVE';
  }
}
