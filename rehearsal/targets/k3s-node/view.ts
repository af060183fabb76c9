import { z } from 'zod';
import type { TargetEntry } from '../../../contract';
import type { MachineState } from '../../machine';
import type { ClusterState, PodState } from '../../kubernetes';
import type { TargetScene } from '../target-rehearsal';

/** Tag by which a node is found. */
const NODE_TAG = 'lockstep:target';

/** What the rehearsal reads of the spec of a target. */
const specSchema = z.object({
  namespace: z.string(),
  nodeTag: z.string(),
  document: z.string(),
  repositories: z.array(z.string()),
  statefulSets: z.array(z.string()),
  deployments: z.array(z.string()),
  routed: z.array(z.string()),
  strategy: z.object({ kind: z.enum(['rolling', 'blueGreen', 'canary']) }),
  parameters: z.object({ released: z.string() }),
});

type NodeSpec = z.infer<typeof specSchema>;

export const specOf = ({ spec }: Pick<TargetEntry, 'spec'>): NodeSpec => specSchema.parse(spec);

/**
 * The node that the stack has made.
 *
 * @throws Error when no template makes one
 */
export function instanceOf({ world, target }: TargetScene): string {
  const { nodeTag } = specOf(target);
  const [first] = world.ec2.instances(target).filter(({ tags }) => tags[NODE_TAG] === nodeTag);
  if (first) return first.id;
  throw new Error(`no template makes an instance with the tag ${NODE_TAG}=${nodeTag}`);
}

/** A target whose node has ended keeps its machine in mind. */
export function machineOf(scene: TargetScene): MachineState {
  return scene.world.machines.of(instanceOf(scene));
}

export const clusterOf = (scene: TargetScene): ClusterState => machineOf(scene).cluster;

/** Images of the workload in a pod. */
export function imagesOf(
  { template }: Pick<PodState, 'template'>,
  { repositories }: NodeSpec,
): readonly string[] {
  return template.spec.containers
    .map(({ image }) => image)
    .filter((image) => repositories.includes(image.split('@')[0] ?? ''));
}

/** Every image that a pod of the namespace runs. */
export function imagesThere(scene: TargetScene): readonly string[] {
  const { namespace } = specOf(scene.target);
  const pods = clusterOf(scene).pods.filter((pod) => pod.namespace === namespace);
  return pods.flatMap(({ template }) => template.spec.containers.map(({ image }) => image));
}

/** Weight of each side of a route; undefined where there is none. */
export function weightsOf(scene: TargetScene, service: string): ReadonlyMap<string, number> | undefined {
  const { namespace } = specOf(scene.target);
  const route = clusterOf(scene)
    .others.map(({ manifest }) => manifest)
    .find(
      (manifest) =>
        manifest.kind === 'TraefikService' &&
        manifest.metadata.name === service &&
        manifest.metadata.namespace === namespace,
    );
  if (route?.kind !== 'TraefikService') return undefined;
  return new Map(route.spec.weighted.services.map(({ name, weight }) => [name, weight]));
}

/** Deployments that requests or work reach. */
export function servingDeployments(scene: TargetScene): readonly string[] {
  const { deployments, routed } = specOf(scene.target);
  const sides = routed.flatMap((service) =>
    [...(weightsOf(scene, service) ?? [])].filter(([, weight]) => weight > 0).map(([name]) => name),
  );
  return [...deployments, ...sides];
}

/** The two Deployments of each routed service. */
export const sidesOf = ({ routed }: NodeSpec): readonly string[] =>
  routed.flatMap((service) => [`${service}-blue`, `${service}-green`]);

/** What the stack writes into a parameter before the pipeline does. */
const NOTHING_YET = 'none';

/** Releases that were recorded one after the other, newest first, each once. */
export function releasesOf({ world, target }: TargetScene): readonly string[] {
  const { released } = specOf(target).parameters;
  const values = world.ssm.history(target.account, target.region, released).map(({ value }) => value);
  return [...new Set([...values].reverse())].filter((value) => value !== NOTHING_YET);
}
