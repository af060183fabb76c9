import type { Duration, Size } from 'aws-cdk-lib';
import type { ImageNames } from '../../names';

/** One service: an image, and the pods that run it. */
export interface K3sServiceProps {
  /** At most 20 characters. */
  readonly name: string;
  /** Folder that is built, relative to the source folder. @default - the name */
  readonly directory?: string;
  /** Relative to the folder. @default 'Dockerfile' */
  readonly dockerfile?: string;
  /** Port that answers probes and requests; the container is told it as `PORT`. @default 8080 */
  readonly port?: number;
  /** Command and arguments. @default - those of the image */
  readonly command?: readonly string[];
  /** Pods. @default 1 */
  readonly replicas?: number;
  readonly cpu: CpuProps;
  readonly memory: MemoryProps;
  /** Plain settings besides those of the workload. Secrets do not belong here. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
  readonly probes: ProbesProps;
  /** Services of the workload that may call it. @default - none */
  readonly callers?: readonly string[];
  /**
   * What it may reach outside of its namespace, over TCP. The metadata service of EC2 is never part of a range.
   *
   * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/
   * @default - DNS, Redis and the services that name it as caller only
   */
  readonly egress?: readonly {
    /** IPv4 range, such as `203.0.113.0/24`. */
    readonly cidr: string;
    readonly ports: readonly number[];
  }[];
  /** Requests from outside that it gets. @default - none */
  readonly route?: {
    /** Host name, such as `api.example.com`. */
    readonly host: string;
    /** Beginning of the paths. @default '/' */
    readonly path?: string;
  };
  /** Pods by load, where the service rolls. @default - `replicas` pods */
  readonly autoscaler?: {
    readonly min: number;
    readonly max: number;
    /** Use of the requested CPU that is aimed at. */
    readonly cpuPercent: number;
  };
  /** Physical names of its image in ECR that differ from the rule. @default - by the rule */
  readonly names?: Partial<ImageNames>;
}

/**
 * Thousandths of a vCPU.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
 */
export interface CpuProps {
  readonly request: number;
  /** @default - none: a container may use what nobody else does */
  readonly limit?: number;
}

export interface MemoryProps {
  /** What a pod is placed by. */
  readonly request: Size;
  /** A container that needs more is killed. */
  readonly limit: Size;
}

/** HTTP paths on the port of the service. */
export interface ProbesProps {
  /** A container that fails it is started anew. */
  readonly liveness: string;
  /** A pod that fails it gets no requests. */
  readonly readiness: string;
  /** Holds back the other two until it has passed once. @default - the path of `liveness` */
  readonly startup?: string;
  /** How long a container may take to start, in whole seconds. @default Duration.minutes(1) */
  readonly startupTime?: Duration;
}
