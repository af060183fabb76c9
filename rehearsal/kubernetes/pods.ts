import { behaviourOf, type PodBehaviour } from './behaviour';
import { type Moment, note } from './moment';
import { cpuMillis, memoryMib } from './quantity';
import type { ContainerEnd, PodState } from './state';

const PULL_SECONDS = 4;
const PULL_AGAIN_SECONDS = 20;
const END_SECONDS = 2;
/** Restarts wait 10, 20, 40 … seconds, five minutes at most. */
const FIRST_BACK_OFF_SECONDS = 10;
const LONGEST_BACK_OFF_SECONDS = 300;

/** What K3s itself runs as pods requests. */
const SYSTEM_PODS = { memoryMib: 140, cpuMillis: 200 };

export const isReady = ({ phase, deletedAt }: PodState): boolean =>
  phase.kind === 'running' && phase.readyAt !== undefined && deletedAt === undefined;

/** True for a pod that has been ready for so long that it is counted on. */
export const isAvailable = (
  pod: PodState,
  { minReadySeconds }: { readonly minReadySeconds: number },
  now: number,
) =>
  isReady(pod) && pod.phase.kind === 'running' && now - (pod.phase.readyAt ?? now) >= minReadySeconds * 1_000;

export const isThere = ({ deletedAt }: PodState): boolean => deletedAt === undefined;

/** One second in the life of each pod. */
export function livePods(moment: Moment): void {
  const { state, now } = moment;
  state.pods = state.pods.filter(
    ({ deletedAt }) => deletedAt === undefined || now - deletedAt < END_SECONDS * 1_000,
  );
  for (const pod of state.pods) if (isThere(pod)) live(moment, pod);
}

function live(moment: Moment, pod: PodState): void {
  const { state, now } = moment;
  const behaviour = behaviourOf(pod, state.rules);
  const { phase } = pod;
  if (!state.node.ready && phase.kind === 'running') {
    // The kubelet says nothing any more, so that nothing is taken for ready.
    pod.phase = { kind: 'running', since: phase.since };
    return;
  }
  switch (phase.kind) {
    case 'unscheduled':
      return schedule(moment, pod);
    case 'pulling':
      if (now - phase.since >= PULL_SECONDS * 1_000) startContainers(moment, pod, behaviour);
      return;
    case 'notStarted':
      if (now - phase.since >= PULL_AGAIN_SECONDS * 1_000) pod.phase = { kind: 'pulling', since: now };
      return;
    case 'running':
      return run(moment, pod, phase, behaviour);
    case 'backOff':
      if (now >= phase.until) pod.phase = { kind: 'running', since: now };
      return;
  }
}

interface Request {
  readonly memoryMib: number;
  readonly cpuMillis: number;
}

function requestOf({ template }: PodState): Request {
  const requests = template.spec.containers.map(({ resources }) => resources?.requests ?? {});
  return {
    memoryMib: requests.reduce((sum, { memory }) => sum + memoryMib(memory), 0),
    cpuMillis: requests.reduce((sum, { cpu }) => sum + cpuMillis(cpu), 0),
  };
}

/** @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-requests-are-scheduled */
function schedule(moment: Moment, pod: PodState): void {
  const { state, now } = moment;
  const reason = obstacle(moment, requestOf(pod));
  if (reason === undefined) {
    pod.phase = { kind: 'pulling', since: now };
    note(moment, {
      ...aboutPod(pod),
      type: 'Normal',
      reason: 'Scheduled',
      message: `Successfully assigned ${pod.namespace}/${pod.name} to ${state.node.name}`,
    });
    return;
  }
  const message = `0/1 nodes are available: ${reason}. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.`;
  pod.phase = { kind: 'unscheduled', message };
  if ((now - pod.at) % 30_000 < 1_000)
    note(moment, { ...aboutPod(pod), type: 'Warning', reason: 'FailedScheduling', message });
}

function obstacle({ state }: Moment, wanted: Request): string | undefined {
  const { node, pods } = state;
  if (!node.ready) return '1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }';
  const placed = pods.filter(({ phase }) => phase.kind !== 'unscheduled').map(requestOf);
  const used = placed.reduce(
    (sum, each) => ({ memoryMib: sum.memoryMib + each.memoryMib, cpuMillis: sum.cpuMillis + each.cpuMillis }),
    SYSTEM_PODS,
  );
  const lacks = [
    ...(used.cpuMillis + wanted.cpuMillis > node.cpuMillis ? ['1 Insufficient cpu'] : []),
    ...(used.memoryMib + node.takenMib + wanted.memoryMib > node.memoryMib ? ['1 Insufficient memory'] : []),
  ];
  return lacks.length > 0 ? lacks.join(', ') : undefined;
}

function startContainers(moment: Moment, pod: PodState, behaviour: PodBehaviour): void {
  const { now } = moment;
  const [container] = pod.template.spec.containers;
  const name = container?.name ?? '';
  const obstacle = pullObstacle(moment, pod, behaviour) ?? configObstacle(moment, pod);
  if (!obstacle) {
    pod.phase = { kind: 'running', since: now };
    note(moment, {
      ...aboutPod(pod),
      type: 'Normal',
      reason: 'Started',
      message: `Started container ${name}`,
    });
    return;
  }
  pod.phase = { kind: 'notStarted', since: now, ...obstacle };
  note(moment, { ...aboutPod(pod), type: 'Warning', reason: 'Failed', message: obstacle.message });
}

type Obstacle = Pick<Extract<PodState['phase'], { kind: 'notStarted' }>, 'reason' | 'message'>;

function pullObstacle(
  { pull }: Moment,
  { template }: PodState,
  behaviour: PodBehaviour,
): Obstacle | undefined {
  const images = template.spec.containers.map(({ image }) => image);
  const [failed] = images.flatMap((image) => {
    const result = pull(image);
    return result.ok ? [] : [{ image, reason: result.reason }];
  });
  const reason = behaviour.kind === 'pullFails' ? behaviour.message : failed?.reason;
  if (reason === undefined) return undefined;
  const image = failed?.image ?? images[0] ?? '';
  return { reason: 'ImagePullBackOff', message: `Failed to pull image "${image}": ${reason}` };
}

/** A container starts only when the ConfigMaps of its environment are there. */
function configObstacle({ state }: Moment, { template, namespace }: PodState): Obstacle | undefined {
  const named = template.spec.containers.flatMap(({ envFrom = [] }) =>
    envFrom.map((each) => each.configMapRef.name),
  );
  const missing = named.find(
    (name) =>
      !state.others.some(
        ({ manifest }) =>
          manifest.kind === 'ConfigMap' &&
          manifest.metadata.name === name &&
          manifest.metadata.namespace === namespace,
      ),
  );
  if (missing === undefined) return undefined;
  return { reason: 'CreateContainerConfigError', message: `configmap "${missing}" not found` };
}

type Running = Extract<PodState['phase'], { kind: 'running' }>;

function run(moment: Moment, pod: PodState, phase: Running, behaviour: PodBehaviour): void {
  const { now } = moment;
  const { since } = phase;
  const seconds = (now - since) / 1_000;
  const ready: Running = { kind: 'running', since, readyAt: phase.readyAt ?? now };
  switch (behaviour.kind) {
    case 'serves':
      if (seconds >= behaviour.startsAfter) pod.phase = ready;
      return;
    case 'crashes':
      if (seconds >= behaviour.after)
        end(moment, pod, { reason: 'Error', exitCode: behaviour.code, at: now });
      return;
    case 'outOfMemory':
      if (seconds >= behaviour.after) end(moment, pod, { reason: 'OOMKilled', exitCode: 137, at: now });
      return;
    case 'neverReady':
      pod.phase = { kind: 'running', since };
      if (seconds > 0 && seconds % 10 === 0) unready(moment, pod);
      return;
    case 'pullFails':
      pod.phase = ready;
      return;
  }
}

function unready(moment: Moment, pod: PodState): void {
  const message = 'Readiness probe failed: HTTP probe failed with statuscode: 503';
  note(moment, { ...aboutPod(pod), type: 'Warning', reason: 'Unhealthy', message });
}

/** @see https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy */
function end(moment: Moment, pod: PodState, lastEnd: ContainerEnd): void {
  const wait = Math.min(FIRST_BACK_OFF_SECONDS * 2 ** pod.restarts, LONGEST_BACK_OFF_SECONDS);
  pod.lastEnd = lastEnd;
  pod.restarts += 1;
  pod.phase = { kind: 'backOff', until: moment.now + wait * 1_000 };
  const name = pod.template.spec.containers[0]?.name ?? '';
  const message = `Back-off restarting failed container ${name} in pod ${pod.name}_${pod.namespace}`;
  note(moment, { ...aboutPod(pod), type: 'Warning', reason: 'BackOff', message });
}

const aboutPod = ({ namespace, name }: PodState) => ({ namespace, involved: { kind: 'Pod', name } });
