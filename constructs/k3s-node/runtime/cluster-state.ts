import { z } from 'zod';
import { type DeployContext, LockstepError, type Version } from '../../../contract';
import type { NodeAccess } from './access';
import { followToEnd, requireDone, type RunEnd, start } from './run';

const metadata = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  generation: z.number().default(0),
  deletionTimestamp: z.string().optional(),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
});

const waiting = z.object({ reason: z.string().default(''), message: z.string().default('') });
const terminated = z.object({ reason: z.string().default(''), exitCode: z.number().default(0) });

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#PodStatus */
const containerStatus = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  restartCount: z.number().default(0),
  image: z.string().default(''),
  state: z.object({ waiting: waiting.optional(), terminated: terminated.optional() }).default({}),
  lastState: z.object({ terminated: terminated.optional() }).default({}),
});

const condition = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(''),
  message: z.string().default(''),
});

const podTemplate = z.object({
  spec: z.object({ containers: z.array(z.object({ name: z.string(), image: z.string().default('') })) }),
});

const rollout = {
  metadata,
  spec: z.object({ replicas: z.number().default(1), template: podTemplate }),
  status: z
    .object({
      observedGeneration: z.number().default(0),
      replicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      readyReplicas: z.number().default(0),
      conditions: z.array(condition).default([]),
    })
    .prefault({}),
};

const nodeSchema = z.object({
  kind: z.literal('Node'),
  metadata,
  status: z.object({ conditions: z.array(condition).default([]) }).prefault({}),
});
const deploymentSchema = z.object({ kind: z.literal('Deployment'), ...rollout });
const statefulSetSchema = z.object({ kind: z.literal('StatefulSet'), ...rollout });
const replicaSetSchema = z.object({ kind: z.literal('ReplicaSet'), metadata });
const podSchema = z.object({
  kind: z.literal('Pod'),
  metadata,
  status: z
    .object({
      phase: z.string().default(''),
      conditions: z.array(condition).default([]),
      containerStatuses: z.array(containerStatus).default([]),
      initContainerStatuses: z.array(containerStatus).default([]),
    })
    .prefault({}),
});
const eventSchema = z.object({
  kind: z.literal('Event'),
  type: z.string().default(''),
  reason: z.string().default(''),
  message: z.string().default(''),
  lastTimestamp: z.string().nullish(),
  eventTime: z.string().nullish(),
  involvedObject: z.object({ kind: z.string().default(''), name: z.string().default('') }).prefault({}),
});

const objectSchema = z.discriminatedUnion('kind', [
  nodeSchema,
  deploymentSchema,
  statefulSetSchema,
  replicaSetSchema,
  podSchema,
  eventSchema,
]);

/** @see https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/crd/http/traefikservice/ */
const routeSchema = z.object({
  metadata,
  spec: z.object({
    weighted: z.object({ services: z.array(z.object({ name: z.string(), weight: z.number().default(1) })) }),
  }),
});

const stateSchema = z.object({
  current: z.array(z.string()),
  pending: z.array(z.string()),
  leftovers: z.array(z.string()),
  objects: z.object({ items: z.array(objectSchema) }),
  routes: z.object({ items: z.array(routeSchema) }),
});

type ClusterObject = z.infer<typeof objectSchema>;
export type Rollout = Extract<ClusterObject, { kind: 'Deployment' | 'StatefulSet' }>;
export type Pod = Extract<ClusterObject, { kind: 'Pod' }>;
export type ClusterNode = Extract<ClusterObject, { kind: 'Node' }>;
export type ClusterEvent = Extract<ClusterObject, { kind: 'Event' }>;
export type ContainerStatus = z.infer<typeof containerStatus>;

/** What the node and its cluster say about themselves. */
export interface ClusterState {
  /** The release that passed its checks last. */
  readonly current?: Version;
  /** A release that was begun and neither finished nor undone. */
  readonly pending?: Version;
  /** What finishing the release that runs has left to do, such as objects that it does not have and could not delete. */
  readonly leftovers: readonly string[];
  readonly objects: readonly ClusterObject[];
  readonly routes: readonly z.infer<typeof routeSchema>[];
}

/**
 * @param repositories those of the workload's own images; a manifest may pin others by a digest as well
 * @throws LockstepError `NodeRunFailed` for anything but what the script writes
 */
export function parseClusterState(text: string, repositories: readonly string[]): ClusterState {
  const parsed = stateSchema.safeParse(jsonOf(text));
  if (!parsed.success) {
    throw new LockstepError('NodeRunFailed', {
      place: 'health on the node',
      value: z.prettifyError(parsed.error).slice(0, 300),
      allowed: 'the state that the script of the document writes',
      change: 'deploy the stack of this environment, so that document and command come from the same version',
    });
  }
  const { current, pending, leftovers, objects, routes } = parsed.data;
  const [now, next] = [versionOf(current, repositories), versionOf(pending, repositories)];
  return {
    ...(now === undefined ? {} : { current: now }),
    ...(next === undefined ? {} : { pending: next }),
    leftovers,
    objects: objects.items,
    routes: routes.items,
  };
}

/** A release from the lines of its state that name it. */
function versionOf(lines: readonly string[], repositories: readonly string[]): Version | undefined {
  const valuesOf = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const [name] = valuesOf('release');
  const own = valuesOf('image').filter((image) => repositories.some((each) => image.startsWith(`${each}@`)));
  return name === undefined ? undefined : { name, images: own };
}

/** Seconds that a look at the cluster may take. */
const HEALTH_SECONDS = 180;

/** Asks the node for its state. */
export async function lookAtCluster(
  access: NodeAccess,
  context: DeployContext,
): Promise<{ readonly end: RunEnd; readonly state?: ClusterState }> {
  const sent = await start(access, { action: 'health', deadlineSeconds: HEALTH_SECONDS }, context);
  const { end, value } = await followToEnd(access, sent, context, async (objects) =>
    parseClusterState((await objects.get('state.json')) ?? '', access.spec.repositories),
  );
  return { end, ...(value === undefined ? {} : { state: value }) };
}

/** @throws LockstepError `NodeRunFailed` or `NodeUnreachable` */
export async function clusterState(access: NodeAccess, context: DeployContext): Promise<ClusterState> {
  const { end, state } = await lookAtCluster(access, context);
  requireDone(end, 'health');
  return state ?? parseClusterState('', access.spec.repositories);
}

/** Undefined for what is no JSON: the schema then says what it should be. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
