import { z } from 'zod';
import type { TargetEntry } from '../../../contract';
import type { DeploymentState, EcsState, ServiceState, TaskState } from '../../aws/ecs/state';
import type { TargetScene } from '../target-rehearsal';

/** What the rehearsal reads of the spec of a target. */
const specSchema = z.object({
  cluster: z.string(),
  service: z.string(),
  container: z.string(),
  desiredCount: z.number(),
  parameters: z.object({
    declaredTaskDefinition: z.string(),
    releasedTaskDefinition: z.string(),
    releasedImage: z.string(),
  }),
});

export type EcsSpec = z.infer<typeof specSchema>;

export const specOf = ({ spec }: TargetEntry): EcsSpec => specSchema.parse(spec);

/** The service of a target as the emulated ECS has it. */
export interface ServiceView {
  readonly state: EcsState;
  readonly service: ServiceState;
  readonly deployments: readonly DeploymentState[];
  /** Tasks that are to run. */
  readonly tasks: readonly TaskState[];
}

/** @throws Error when no template has made the service */
export function viewOf({ world, target }: TargetScene): ServiceView {
  const { state } = world.ecs;
  const { cluster, service: name } = specOf(target);
  const service = state.services.find(
    (each) => each.account === target.account && each.name === name && each.cluster.endsWith(`/${cluster}`),
  );
  if (!service) throw new Error(`no template makes the service ${name} in the cluster ${cluster}`);
  return {
    state,
    service,
    deployments: service.deployments,
    tasks: state.tasks.filter((task) => task.service === service.arn && task.desired === 'RUNNING'),
  };
}

/** Image of the target's container in a task definition. */
export function imageOf(state: EcsState, definition: string, container: string): string | undefined {
  const found = state.taskDefinitions.find(({ arn }) => arn === definition);
  return found?.content.containerDefinitions?.find(({ name }) => name === container)?.image;
}

/** Images of every revision that the service had so far. */
export function imagesOf(scene: TargetScene): readonly string[] {
  const { state, service } = viewOf(scene);
  const { container } = specOf(scene.target);
  return Object.values(service.revisions).flatMap((arn) => imageOf(state, arn, container) ?? []);
}

export const newestDeployment = (scene: TargetScene): DeploymentState | undefined =>
  viewOf(scene).deployments[0];

/** True when what the service is to run is what the stack declares, but for the image. */
export function runsAsDeclared(scene: TargetScene): boolean {
  const { world, target } = scene;
  const { container, parameters } = specOf(target);
  const { state, service } = viewOf(scene);
  const declared = world.ssm.get(target.account, target.region, parameters.declaredTaskDefinition);
  const running = service.revisions[newestDeployment(scene)?.revision ?? ''];
  const [one, other] = [declared, running].map((arn) => {
    const found = state.taskDefinitions.find((each) => each.arn === arn);
    const containers = found?.content.containerDefinitions?.map((each) =>
      each.name === container ? { ...each, image: '' } : each,
    );
    // ECS answers with empty lists where nothing was given.
    return found && withoutEmptyLists({ ...found.content, containerDefinitions: containers });
  });
  return one !== undefined && other !== undefined && sorted(one) === sorted(other);
}

const withoutEmptyLists = (content: object): object =>
  Object.fromEntries(
    Object.entries(content).filter(([, value]) => !(Array.isArray(value) && value.length === 0)),
  );

/** The same text for the same content, whatever the order of its fields. */
const sorted = (content: object): string =>
  JSON.stringify(content, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => one.localeCompare(other)))
      : value,
  );
