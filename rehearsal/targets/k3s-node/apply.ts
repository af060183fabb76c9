import { isHubImage } from '../../docker-hub';
import type { PodBehaviour } from '../../kubernetes';
import { isReady, isThere } from '../../kubernetes';
import { FOREIGN_TAG } from '../foreign';
import type { TargetScene } from '../target-rehearsal';
import type { K3sEffect } from './effects';
import { clusterOf, imagesThere, instanceOf, machineOf, servingDeployments, specOf } from './view';

const USUAL_AGENT = { ping: 'Online', version: '3.3.3572.0', delivery: 'delivered' } as const;

/** Lets something happen to the node of a target. */
export function applyEffect(effect: K3sEffect, scene: TargetScene): void {
  const { world, target } = scene;
  const cluster = clusterOf(scene);
  switch (effect.kind) {
    case 'newPods':
      return behave(scene, effect.behaviour, imagesThere(scene));
    case 'statefulPods':
      return startStatefulPods(scene, effect.behaviour);
    case 'newPodsOnceTheyServe': {
      const except = imagesThere(scene);
      return once(scene, newPodsServe(except), () => behave(scene, effect.behaviour, except));
    }
    case 'allPodsOnceNewOnesServe':
      return once(scene, newPodsServe(imagesThere(scene)), () => behave(scene, effect.behaviour, []));
    case 'api':
      cluster.troubles = [
        ...cluster.troubles,
        { kind: effect.trouble, toPass: effect.after, left: effect.calls },
      ];
      return;
    case 'nodeNotReady':
      cluster.node.ready = false;
      cluster.node.message = 'Kubelet stopped posting node status.';
      return;
    case 'noMemoryLeft':
      cluster.node.takenMib = cluster.node.memoryMib;
      return;
    case 'imagesDeleted':
      return deleteNewImages(scene);
    case 'agent': {
      const { kind: _, ...agent } = effect;
      return world.ssm.setAgent(instanceOf(scene), { ...USUAL_AGENT, ...agent });
    }
    case 'documentTimeout':
      return world.ssm.limitDocument(target, specOf(target).document, effect.seconds);
    case 'secondNode':
      world.ec2.launchLike(instanceOf(scene));
      return;
    case 'nodeStopped':
      return world.ec2.setStatus(instanceOf(scene), 'stopped');
    case 'diskFull':
      for (const path of effect.paths) machineOf(scene).noRoomFor.add(path);
      return;
    case 'newAnswers': {
      const { errors, seconds } = effect;
      cluster.traffic.rules = [{ except: imagesThere(scene), errors, seconds }, ...cluster.traffic.rules];
      return;
    }
    case 'noTraffic':
      cluster.traffic.requestsPerSecond = 0;
      return;
    case 'historyDeleted': {
      const before = new Set(cluster.replicaSets.map(({ name }) => name));
      return once(scene, newPodsServe(imagesThere(scene)), () => {
        cluster.replicaSets = cluster.replicaSets.filter(
          ({ name, replicas }) => replicas > 0 || !before.has(name),
        );
      });
    }
    case 'foreignVersion':
      return deployForeign(scene);
  }
}

function behave(scene: TargetScene, behaviour: PodBehaviour, except: readonly string[]): void {
  const cluster = clusterOf(scene);
  const { repositories } = specOf(scene.target);
  cluster.rules = [{ repositories, except, behaviour }, ...cluster.rules];
}

/** Does something as soon as the condition holds. */
function once(scene: TargetScene, condition: (scene: TargetScene) => boolean, act: () => void): void {
  let done = false;
  scene.clock.onStep(() => {
    if (done || !condition(scene)) return;
    done = true;
    act();
  });
}

/** Each Deployment that serves has new pods only, and all of them are ready. */
const newPodsServe =
  (except: readonly string[]) =>
  (scene: TargetScene): boolean => {
    const serving = servingDeployments(scene);
    const pods = clusterOf(scene).pods.filter((pod) => serving.includes(pod.workload) && isThere(pod));
    const isNew = pods.every(({ template }) =>
      template.spec.containers.every(({ image }) => !except.includes(image)),
    );
    return pods.length > 0 && isNew && pods.every(isReady);
  };

function startStatefulPods(scene: TargetScene, behaviour: PodBehaviour): void {
  const cluster = clusterOf(scene);
  for (const { name } of cluster.statefulSets) {
    cluster.rules = [{ workload: name, behaviour }, ...cluster.rules];
    for (const pod of cluster.pods) if (pod.workload === name) pod.deletedAt = scene.clock.now();
  }
}

/** The registry of a repository. */
const registryOf = ({ ecr, dockerHub }: TargetScene['world'], repository: string) =>
  isHubImage(repository) ? dockerHub : ecr;

function deleteNewImages(scene: TargetScene): void {
  const { world, target } = scene;
  const there = imagesThere(scene);
  for (const repository of specOf(target).repositories) {
    const registry = registryOf(world, repository);
    const digests = new Set(registry.tags(repository).values());
    for (const digest of digests) {
      const image = `${repository}@${digest}`;
      if (!there.includes(image)) registry.remove(image);
    }
  }
}

/** An image that somebody else pushed, in each Deployment that serves, by `kubectl set image`. */
function deployForeign(scene: TargetScene): void {
  const { world, target } = scene;
  const { repositories } = specOf(target);
  const serving = servingDeployments(scene);
  const pushed = new Map(
    repositories.map((repository) => [
      repository,
      `${repository}@${registryOf(world, repository).push(`${repository}:${FOREIGN_TAG}`, 'pushed by somebody else')}`,
    ]),
  );
  for (const deployment of clusterOf(scene).deployments) {
    if (!serving.includes(deployment.name)) continue;
    const { template } = deployment;
    const containers = template.spec.containers.map((container) => ({
      ...container,
      image: pushed.get(container.image.split('@')[0] ?? '') ?? container.image,
    }));
    deployment.template = { ...template, spec: { ...template.spec, containers } };
    deployment.generation += 1;
  }
}
