import type { K3sAppProps, K3sRedis, K3sService } from '../../../constructs/k3s-app';
import type { K3sRelease, K3sStrategy } from '../../../constructs/k3s-node';
import type { ImageNames, K3sAppNames } from '../../names';
import type { Image, WorkloadFields } from '../workload';

/** Services on nodes with K3s, after validation. */
export interface K3sApp extends WorkloadFields {
  readonly kind: 'k3sApp';
  readonly services: readonly K3sAppService[];
  readonly redis?: K3sRedis;
  readonly environment: NonNullable<K3sAppProps['environment']>;
  readonly k3s: K3sRelease;
  readonly logRetentionDays: number;
  readonly environments: readonly K3sAppEnvironment[];
}

export interface K3sAppService extends Omit<K3sService, 'image'> {
  /** One of `images`. */
  readonly image: Image;
  /** Names of its image that the platform file overrides. */
  readonly imageNames?: Partial<ImageNames>;
}

export interface K3sAppEnvironment {
  readonly name: string;
  readonly names: K3sAppNames;
  readonly instanceType: string;
  readonly dataVolumeGib: number;
  readonly keepSnapshots: number;
  readonly keepBackupsDays: number;
  readonly strategy: K3sStrategy;
  /** Pods that differ from those of the services. */
  readonly replicas: Readonly<Record<string, number>>;
  /** Empty: nobody may reach the node. */
  readonly inboundCidrs: readonly string[];
}
