import type { Container, PodSpec } from './kubernetes-object';
import type { K3sCpu, K3sMemory } from './props';

/**
 * What every container is held to: the standard `restricted`, and a root file system that cannot be written.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export const containerSecurity: NonNullable<Container['securityContext']> = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** What every pod is held to. `user` owns its processes. */
export const podSecurity = (user: number, group: number) =>
  ({
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: group,
      fsGroup: group,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  }) satisfies Partial<PodSpec>;

/**
 * What a container writes on the disk of the node, in MiB: its log, of which the kubelet keeps three files of 10 MiB, as
 * `node-setup.sh` of the node tells it. All else is an `emptyDir` with a size of its own, for the root file system cannot
 * be written.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/logging/#log-rotation
 */
const LOG_MIB = 3 * 10;

/** What a container may use of the node. */
export interface ContainerNeeds {
  readonly cpu: K3sCpu;
  readonly memory: K3sMemory;
  /** What its `emptyDir` volumes may hold, in MiB. */
  readonly volatileMib: number;
}

/**
 * With a limit on what it writes, a pod that fills the disk is evicted itself, before the kubelet evicts others.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage
 */
export function resourcesOf({
  cpu,
  memory,
  volatileMib,
}: ContainerNeeds): NonNullable<Container['resources']> {
  const diskMib = LOG_MIB + volatileMib;
  return {
    requests: {
      cpu: `${cpu.requestMillis}m`,
      memory: `${memory.requestMib}Mi`,
      'ephemeral-storage': `${diskMib}Mi`,
    },
    limits: {
      ...(cpu.limitMillis === undefined ? {} : { cpu: `${cpu.limitMillis}m` }),
      memory: `${memory.limitMib}Mi`,
      // The kubelet looks at intervals: a log grows beyond its size before it is rotated.
      'ephemeral-storage': `${2 * diskMib}Mi`,
    },
  };
}
