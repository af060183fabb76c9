import { deploymentNamed, statusOf } from './deployments';
import { type Kind, notFound, Refusal } from './kinds';
import type { KubectlEnd, KubectlPorts } from './kubectl';
import { statefulSetNamed, statefulSetStatus } from './stateful-sets';
import type { ObjectName } from './state';

/** Longer than any rehearsal. */
const FOR_EVER = 1_000_000;

/**
 * Waits until a rollout has ended, well or not.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_status/
 */
export async function rolloutStatus(
  kind: Kind,
  named: ObjectName,
  timeout: number | undefined,
  { moment, until }: KubectlPorts,
): Promise<KubectlEnd> {
  const state = (): KubectlEnd | undefined => outcome(kind, named, moment());
  const first = state();
  if (first) return first;
  const waits = `Waiting for ${kind.kind.toLowerCase()} "${named.name}" rollout to finish...\n`;
  const end = await until(state, timeout === undefined || timeout === 0 ? FOR_EVER : timeout);
  if (end) return { ...end, out: `${waits}${end.out ?? ''}` };
  return { code: 1, out: waits, err: 'error: timed out waiting for the condition\n' };
}

function outcome(
  kind: Kind,
  named: ObjectName,
  moment: ReturnType<KubectlPorts['moment']>,
): KubectlEnd | undefined {
  const { state } = moment;
  switch (kind.kind) {
    case 'Deployment': {
      const deployment = deploymentNamed(state, named);
      if (!deployment) throw notFound(kind, named.name);
      const { complete, stuck } = statusOf(moment, deployment);
      if (complete) return { code: 0, out: `deployment "${named.name}" successfully rolled out\n` };
      return stuck
        ? { code: 1, err: `error: deployment "${named.name}" exceeded its progress deadline\n` }
        : undefined;
    }
    case 'StatefulSet': {
      const set = statefulSetNamed(state, named);
      if (!set) throw notFound(kind, named.name);
      const { complete, ready } = statefulSetStatus(state, set);
      if (!complete) return undefined;
      return {
        code: 0,
        out: `statefulset rolling update complete ${ready} pods at revision ${named.name}\n`,
      };
    }
    default:
      throw new Refusal(`error: no status viewer has been implemented for ${kind.kind}`);
  }
}
