import type { Moment } from './moment';
import { isReady } from './pods';
import type { ContainerEnd, PodState } from './state';
import { at, condition, type View } from './view';

/** @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/ */
export function podView({ state, now }: Moment, each: PodState): View {
  const { phase, template, hash, namespace, name, owner, deletedAt } = each;
  const scheduled = phase.kind !== 'unscheduled';
  const started = phase.kind === 'running' || phase.kind === 'backOff';
  const ready = isReady(each);
  const label = owner.kind === 'ReplicaSet' ? 'pod-template-hash' : 'controller-revision-hash';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: each.uid,
      labels: { ...template.metadata.labels, [label]: hash },
      creationTimestamp: at(each.at),
      ...(deletedAt !== undefined && { deletionTimestamp: at(deletedAt), deletionGracePeriodSeconds: 30 }),
      ownerReferences: [{ apiVersion: 'apps/v1', kind: owner.kind, name: owner.name, controller: true }],
    } as View['metadata'],
    spec: { ...template.spec, ...(scheduled && { nodeName: state.node.name }) },
    status: {
      phase: started ? 'Running' : 'Pending',
      startTime: at(each.at),
      conditions: [
        phase.kind === 'unscheduled'
          ? condition('PodScheduled', false, each.at, 'Unschedulable', phase.message)
          : condition('PodScheduled', true, each.at, '', ''),
        condition(
          'Ready',
          ready,
          now,
          ready ? '' : 'ContainersNotReady',
          ready ? '' : 'containers with unready status',
        ),
      ],
      ...(scheduled && {
        containerStatuses: template.spec.containers.map((of) => container(each, of.name, of.image)),
      }),
    },
  };
}

function container(
  { phase, restarts, lastEnd, name: podName, namespace }: PodState,
  name: string,
  image: string,
) {
  const ready = phase.kind === 'running' && phase.readyAt !== undefined;
  return {
    name,
    image,
    imageID: phase.kind === 'running' || phase.kind === 'backOff' ? image : '',
    ready,
    started: phase.kind === 'running',
    restartCount: restarts,
    state: stateOf(phase, name, `${podName}_${namespace}`),
    lastState: lastEnd === undefined ? {} : { terminated: terminated(lastEnd) },
  };
}

function stateOf(phase: PodState['phase'], name: string, where: string): object {
  switch (phase.kind) {
    case 'running':
      return { running: { startedAt: at(phase.since) } };
    case 'backOff':
      return waiting('CrashLoopBackOff', `back-off restarting failed container=${name} pod=${where}`);
    case 'notStarted':
      return waiting(phase.reason, phase.message);
    case 'pulling':
      return waiting('ContainerCreating');
    case 'unscheduled':
      return waiting('PodInitializing');
  }
}

const waiting = (reason: string, message?: string): object => ({
  waiting: { reason, ...(message !== undefined && { message }) },
});

const terminated = ({ reason, exitCode, at: when }: ContainerEnd): object => ({
  reason,
  exitCode,
  startedAt: at(when),
  finishedAt: at(when),
});

/** K3s brings Traefik. */
export const TRAEFIK_POD: View = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'traefik-6c8f7d9b54-x2k9p',
    namespace: 'kube-system',
    labels: { 'app.kubernetes.io/name': 'traefik', 'app.kubernetes.io/instance': 'traefik-kube-system' },
  } as View['metadata'],
  status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
};
