import type { TargetEntry } from '../../../contract';
import type { FinalState } from '../../scenarios/scenario';
import { isReady, isThere } from '../../kubernetes';
import type { Label, LabelOf, Resting, TargetScene } from '../target-rehearsal';
import {
  clusterOf,
  imagesOf,
  machineOf,
  releasesOf,
  servingDeployments,
  sidesOf,
  specOf,
  weightsOf,
} from './view';

/** The state of a node's workload after a run, in words. */
export function facts(scene: TargetScene, labelOf: LabelOf): FinalState {
  const { world, target } = scene;
  const spec = specOf(target);
  const serving = servingDeployments(scene);
  const value = world.ssm.get(target.account, target.region, spec.parameters.released) ?? '';
  const [, ...released] = value.split(' ');
  return {
    runs: oneLabel(serving.flatMap((name) => labelsOf(scene, name, labelOf))),
    ...Object.fromEntries(spec.deployments.map((name) => [name, oneLabel(labelsOf(scene, name, labelOf))])),
    ...Object.fromEntries(spec.routed.map((service) => [service, trafficOf(scene, service, labelOf)])),
    ...Object.fromEntries(spec.statefulSets.map((name) => [name, readiness(scene, [name])])),
    'stateful sets not ready': String(
      spec.statefulSets.filter((name) => readiness(scene, [name]) !== 'all ready').length,
    ),
    pods: readiness(scene, serving),
    'pods without traffic': String(idlePods(scene, serving)),
    'traffic without pods': deadEnds(scene, serving).join(', ') || 'none',
    'released image': oneLabel(released.map(labelOf)),
    'node remembers': memory(scene),
  };
}

function oneLabel(labels: readonly Label[]): Label {
  const [first = 'nothing', ...others] = new Set(labels);
  return others.length > 0 ? 'mixed' : first;
}

const podsOf = (scene: TargetScene, workload: string) =>
  clusterOf(scene).pods.filter(
    (pod) => pod.namespace === specOf(scene.target).namespace && pod.workload === workload && isThere(pod),
  );

const labelsOf = (scene: TargetScene, workload: string, labelOf: LabelOf): readonly Label[] =>
  podsOf(scene, workload).flatMap((pod) => imagesOf(pod, specOf(scene.target)).map(labelOf));

/** Whose pods the requests of a route reach. */
function trafficOf(scene: TargetScene, service: string, labelOf: LabelOf): string {
  const weights = weightsOf(scene, service);
  if (!weights) return 'nothing';
  const sides = [...weights].filter(([, weight]) => weight > 0);
  const labels = sides.map(
    ([name, weight]) =>
      `${oneLabel(labelsOf(scene, name, labelOf))}${sides.length > 1 ? ` ${weight} %` : ''}`,
  );
  return labels.join(', ');
}

function readiness(scene: TargetScene, workloads: readonly string[]): string {
  const { deployments, statefulSets } = clusterOf(scene);
  const { namespace } = specOf(scene.target);
  const wanted = [...deployments, ...statefulSets]
    .filter((each) => each.namespace === namespace && workloads.includes(each.name))
    .reduce((sum, { replicas }) => sum + replicas, 0);
  const pods = workloads.flatMap((name) => podsOf(scene, name));
  const ready = pods.filter(isReady).length;
  if (wanted === 0 && pods.length === 0) return 'none';
  return ready === wanted && pods.length === wanted ? 'all ready' : `${ready} of ${wanted} ready`;
}

const idlePods = (scene: TargetScene, serving: readonly string[]): number =>
  sidesOf(specOf(scene.target))
    .filter((name) => !serving.includes(name))
    .reduce((sum, name) => sum + podsOf(scene, name).length, 0);

/** Deployments that requests or work reach, and that have no pods. */
const deadEnds = (scene: TargetScene, serving: readonly string[]): readonly string[] =>
  serving.filter((name) => sidesOf(specOf(scene.target)).includes(name) && podsOf(scene, name).length === 0);

/** What the next command will take for the truth. */
function memory(scene: TargetScene): string {
  const { files } = machineOf(scene);
  const text = (path: string): string => {
    const file = files.get(path);
    return file?.kind === 'file' ? Buffer.from(file.content, 'base64').toString('utf8').trim() : '';
  };
  if (files.has('pending')) return 'an open deployment';
  const current = text('current');
  if (current === '') return 'nothing';
  return releasesOf(scene).some((value) => value.startsWith(`${current} `))
    ? 'a recorded release'
    : 'another release';
}

/** A node at rest: what serves is ready, and what is recorded is what the node remembers. */
export function atRest(target: TargetEntry, label: Resting): FinalState {
  const { deployments, routed, statefulSets } = specOf(target);
  const nothing = label === 'nothing';
  return {
    runs: label,
    ...Object.fromEntries([...deployments, ...routed].map((name) => [name, label])),
    ...Object.fromEntries(statefulSets.map((name) => [name, nothing ? 'none' : 'all ready'])),
    'stateful sets not ready': String(nothing ? statefulSets.length : 0),
    pods: nothing ? 'none' : 'all ready',
    'pods without traffic': '0',
    'traffic without pods': 'none',
    'released image': label,
    'node remembers': nothing ? 'nothing' : 'a recorded release',
  };
}

/** Names of the releases, newest first. */
export const versions = (scene: TargetScene): readonly string[] =>
  releasesOf(scene).map((value) => value.split(' ')[0] ?? '');
